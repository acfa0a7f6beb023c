import { Stack, Tabs, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMay } from '../../api/management.ts';
import { texts } from '../../texts/texts.ts';
import { TabList } from '../../ui/tab-list.tsx';
import { Outbox } from './outbox.tsx';
import { ProviderSettings } from './provider-settings.tsx';
import { TemplateList } from './template-list.tsx';
import { messageTexts } from './texts.ts';

/** Mail: what is sent, what it says and how it goes out. */
export function MessagesPage() {
  const { tab = 'outbox', user } = useSearch({ from: '/messages' });
  const navigate = useNavigate({ from: '/messages' });
  const mayReadMail = useMay('read:email_provider');
  const mayReadTemplates = useMay('read:email_templates');
  return (
    <Stack>
      <Title order={1} size="h2">
        {texts.messages}
      </Title>
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ search: { tab: value ?? undefined }, replace: true })}
        keepMounted={false}
      >
        <TabList open={tab}>
          {mayReadMail && <Tabs.Tab value="outbox">{messageTexts.outbox}</Tabs.Tab>}
          {mayReadTemplates && <Tabs.Tab value="templates">{messageTexts.templates}</Tabs.Tab>}
          {mayReadMail && <Tabs.Tab value="provider">{messageTexts.provider}</Tabs.Tab>}
        </TabList>
        <Tabs.Panel value="outbox">
          <Outbox userId={user} />
        </Tabs.Panel>
        <Tabs.Panel value="templates">
          <TemplateList />
        </Tabs.Panel>
        <Tabs.Panel value="provider">
          <ProviderSettings />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
