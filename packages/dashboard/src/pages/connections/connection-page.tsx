import { Code, Group, Skeleton, Stack, Tabs, Text, Title } from '@mantine/core';
import * as operations from '@muster/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMay, useWorkplace } from '../../api/management.ts';
import { fill } from '../../texts/texts.ts';
import { ButtonLink } from '../../ui/button-link.tsx';
import { Deletion } from '../../ui/deletion.tsx';
import { NameTitle } from '../../ui/page-title.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { TabList } from '../../ui/tab-list.tsx';
import { type Connection, nameKindOf, useConnection } from './connection-queries.ts';
import { DatabaseSettings } from './database-settings.tsx';
import { EnabledApplications } from './enabled-applications.tsx';
import { ProviderOptions } from './provider-options.tsx';
import { connectionTexts } from './texts.ts';
import { TryConnection } from './try-connection.tsx';

/** A connection: how it treats people, which applications use it, and what it is like to sign in by it. */
export function ConnectionPage() {
  const { id } = useParams({ from: '/connections/$id' });
  const { tab = 'settings' } = useSearch({ from: '/connections/$id' });
  const navigate = useNavigate({ from: '/connections/$id' });
  const found = useConnection(id);
  const mayReadApplications = useMay('read:clients');
  if (found.isLoadingError) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={320} />;
  const connection = found.data;
  return (
    <Stack>
      <NameTitle name={connection.display_name ?? connection.name} />
      <RouteLink to="/connections">{connectionTexts.back}</RouteLink>
      <Group justify="space-between">
        <div style={{ minWidth: 0 }}>
          <Title order={1} size="h2" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
            <bdi>{connection.display_name ?? connection.name}</bdi>
          </Title>
          <Text size="sm" c="dimmed">
            {nameKindOf(connection.strategy)} <Code>{connection.name}</Code> <Code>{id}</Code>
          </Text>
        </div>
        <ButtonLink to="/users" search={{ q: `identities.connection:"${connection.name ?? ''}"` }}>
          {connectionTexts.users}
        </ButtonLink>
      </Group>
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ search: { tab: value ?? undefined }, replace: true })}
        keepMounted={false}
      >
        <TabList open={tab}>
          <Tabs.Tab value="settings">{connectionTexts.settings}</Tabs.Tab>
          {mayReadApplications && <Tabs.Tab value="applications">{connectionTexts.applications}</Tabs.Tab>}
          {mayReadApplications && <Tabs.Tab value="try">{connectionTexts.tryIt}</Tabs.Tab>}
        </TabList>
        <Tabs.Panel value="settings">
          <Stack maw={640} gap="xl">
            {connection.strategy === 'auth0' ? (
              <DatabaseSettings key={id} connection={connection} />
            ) : (
              <ProviderOptions key={id} connection={connection} />
            )}
            <DeleteConnection connection={connection} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="applications">
          <EnabledApplications connection={connection} />
        </Tabs.Panel>
        <Tabs.Panel value="try">
          <TryConnection connection={connection} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function DeleteConnection({ connection }: { readonly connection: Connection }) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayDelete = useMay('delete:connections');
  const { id = '', name = '' } = connection;
  if (!mayDelete) return null;
  return (
    <Deletion
      label={connectionTexts.remove}
      title={connectionTexts.removeTitle}
      hint={fill(connectionTexts.removeHint, { text: name })}
      wanted={name}
      onDelete={async () => {
        await management.call(operations.deleteConnection, { parameters: { id } });
        await navigate({ to: '/connections', ignoreBlocker: true });
        await queries.invalidateQueries({ queryKey: ['connections', 'list'] });
      }}
    />
  );
}
