import { Stack, Tabs, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMay } from '../../api/management.ts';
import { texts } from '../../texts/texts.ts';
import { TabList } from '../../ui/tab-list.tsx';
import { BrandingSettings } from './branding-settings.tsx';
import { GeneralSettings } from './general-settings.tsx';
import { SigningKeys } from './signing-keys.tsx';
import { Team } from './team.tsx';
import { settingsTexts } from './texts.ts';

/** What holds for the whole tenant. */
export function SettingsPage() {
  const { tab = 'general' } = useSearch({ from: '/settings' });
  const navigate = useNavigate({ from: '/settings' });
  const mayReadKeys = useMay('read:signing_keys');
  return (
    <Stack>
      <Title order={1} size="h2">
        {texts.settings}
      </Title>
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ search: { tab: value ?? undefined }, replace: true })}
        keepMounted={false}
      >
        <TabList open={tab}>
          <Tabs.Tab value="general">{settingsTexts.general}</Tabs.Tab>
          <Tabs.Tab value="look">{settingsTexts.look}</Tabs.Tab>
          {mayReadKeys && <Tabs.Tab value="keys">{settingsTexts.keys}</Tabs.Tab>}
          <Tabs.Tab value="team">{settingsTexts.team}</Tabs.Tab>
        </TabList>
        <Tabs.Panel value="general">
          <GeneralSettings />
        </Tabs.Panel>
        <Tabs.Panel value="look">
          <BrandingSettings />
        </Tabs.Panel>
        <Tabs.Panel value="keys">
          <SigningKeys />
        </Tabs.Panel>
        <Tabs.Panel value="team">
          <Team />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
