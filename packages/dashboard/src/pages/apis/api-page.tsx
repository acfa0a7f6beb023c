import { Code, Skeleton, Stack, Table, Tabs, Title } from '@mantine/core';
import * as operations from '@muster/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMay, useWorkplace } from '../../api/management.ts';
import { fill } from '../../texts/texts.ts';
import { Deletion } from '../../ui/deletion.tsx';
import { NameTitle } from '../../ui/page-title.tsx';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { Snippet } from '../../ui/snippet.tsx';
import { TabList } from '../../ui/tab-list.tsx';
import { useApplications } from '../applications/application-queries.ts';
import { type Api, useApi, useClientGrants } from './api-queries.ts';
import { ApiSettings } from './api-settings.tsx';
import { Permissions } from './permissions.tsx';
import { apiTexts } from './texts.ts';

/** An API: its permissions, its tokens and who calls it. */
export function ApiPage() {
  const { id } = useParams({ from: '/apis/$id' });
  const { tab = 'quick-start' } = useSearch({ from: '/apis/$id' });
  const navigate = useNavigate({ from: '/apis/$id' });
  const found = useApi(id);
  const mayReadGrants = useMay('read:client_grants');
  if (found.isLoadingError) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={320} />;
  const api = found.data;
  return (
    <Stack>
      <NameTitle name={api.name ?? api.identifier} />
      <RouteLink to="/apis">{apiTexts.back}</RouteLink>
      <div>
        <Title order={1} size="h2" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
          <bdi>{api.name ?? api.identifier}</bdi>
        </Title>
        <Code style={{ overflowWrap: 'anywhere' }}>{api.identifier}</Code>
      </div>
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ search: { tab: value ?? undefined }, replace: true })}
        keepMounted={false}
      >
        <TabList open={tab}>
          <Tabs.Tab value="quick-start">{apiTexts.quickStart}</Tabs.Tab>
          <Tabs.Tab value="permissions">{apiTexts.permissions}</Tabs.Tab>
          <Tabs.Tab value="settings">{apiTexts.settings}</Tabs.Tab>
          {mayReadGrants && <Tabs.Tab value="applications">{apiTexts.applications}</Tabs.Tab>}
        </TabList>
        <Tabs.Panel value="quick-start">
          <QuickStart audience={api.identifier ?? ''} />
        </Tabs.Panel>
        <Tabs.Panel value="permissions">
          <Permissions key={id} api={api} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Stack maw={640} gap="xl">
            <ApiSettings key={id} api={api} />
            {api.is_system !== true && <DeleteApi api={api} />}
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="applications">
          <CallingApplications audience={api.identifier ?? ''} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

/** How the API checks a token, and what calls it. */
function QuickStart({ audience }: { readonly audience: string }) {
  const { origin } = window.location;
  return (
    <Stack maw={760}>
      <Snippet title={apiTexts.install} text="npm install express express-oauth2-jwt-bearer" />
      <Snippet
        title={apiTexts.check}
        text={`import express from 'express';
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer';

const app = express();
app.use(auth({ issuerBaseURL: '${origin}/', audience: '${audience}' }));
app.get('/orders', requiredScopes('read:orders'), (request, response) => response.json([]));
app.listen(3001);`}
      />
      <Snippet
        title={apiTexts.call}
        text={`curl http://localhost:3001/orders --header "authorization: Bearer $ACCESS_TOKEN"`}
      />
    </Stack>
  );
}

/** The applications that call the API in their own name. */
function CallingApplications({ audience }: { readonly audience: string }) {
  const grants = useClientGrants({ audience });
  const applications = useApplications();
  const error = grants.error ?? applications.error;
  if (error) return <Problem error={error} />;
  if (!grants.data || !applications.data) return <Skeleton height={120} />;
  if (grants.data.length === 0) return <Empty title={apiTexts.noGrants}>{apiTexts.noGrantsHint}</Empty>;
  const names = new Map(applications.data.map(({ client_id: id, name }) => [id, name]));
  return (
    <Table verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{apiTexts.application}</Table.Th>
          <Table.Th ta="end">{apiTexts.permissions}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {grants.data.map(({ id, client_id: clientId = '', scope }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <RouteLink to="/applications/$id" params={{ id: clientId }} search={{ tab: 'apis' }}>
                <bdi>{names.get(clientId) ?? clientId}</bdi>
              </RouteLink>
            </Table.Td>
            <Table.Td ta="end">{scope?.length}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function DeleteApi({ api }: { readonly api: Api }) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayDelete = useMay('delete:resource_servers');
  const { id = '', identifier = '' } = api;
  if (!mayDelete) return null;
  return (
    <Deletion
      label={apiTexts.remove}
      title={apiTexts.removeTitle}
      hint={fill(apiTexts.removeHint, { text: identifier })}
      wanted={identifier}
      onDelete={async () => {
        await management.call(operations.deleteResourceServer, { parameters: { id } });
        await navigate({ to: '/apis', ignoreBlocker: true });
        await queries.invalidateQueries({ queryKey: ['apis', 'list'] });
      }}
    />
  );
}
