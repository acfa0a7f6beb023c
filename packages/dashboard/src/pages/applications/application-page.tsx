import { Alert, Skeleton, Stack, Tabs, Title } from '@mantine/core';
import * as operations from '@muster/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMay, useWorkplace } from '../../api/management.ts';
import { fill } from '../../texts/texts.ts';
import { Deletion } from '../../ui/deletion.tsx';
import { NameTitle } from '../../ui/page-title.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { TabList } from '../../ui/tab-list.tsx';
import { type Application, useApplication } from './application-queries.ts';
import { ApplicationSettings } from './application-settings.tsx';
import { Credentials } from './credentials.tsx';
import { GrantedApis } from './granted-apis.tsx';
import { QuickStart } from './quick-start.tsx';
import { applicationTexts } from './texts.ts';

/** The client id under which the dashboard itself signs people in. */
const dashboardId = 'muster-dashboard';

/** An application: how to put it to work, what it may do and how it proves who it is. */
export function ApplicationPage() {
  const { id } = useParams({ from: '/applications/$id' });
  const { tab = 'quick-start' } = useSearch({ from: '/applications/$id' });
  const navigate = useNavigate({ from: '/applications/$id' });
  const found = useApplication(id);
  const mayReadGrants = useMay('read:client_grants');
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={320} />;
  const application = found.data;
  return (
    <Stack>
      <NameTitle name={application.name} />
      <RouteLink to="/applications">{applicationTexts.back}</RouteLink>
      <Title order={1} size="h2" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
        <bdi>{application.name}</bdi>
      </Title>
      {id === dashboardId && <Alert color="yellow">{applicationTexts.isDashboard}</Alert>}
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ search: { tab: value ?? undefined }, replace: true })}
        keepMounted={false}
      >
        <TabList open={tab}>
          <Tabs.Tab value="quick-start">{applicationTexts.quickStart}</Tabs.Tab>
          <Tabs.Tab value="settings">{applicationTexts.settings}</Tabs.Tab>
          {mayReadGrants && <Tabs.Tab value="apis">{applicationTexts.grants}</Tabs.Tab>}
        </TabList>
        <Tabs.Panel value="quick-start">
          <QuickStart application={application} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Stack maw={640} gap="xl">
            <Credentials application={application} />
            <ApplicationSettings key={id} application={application} />
            {id !== dashboardId && <DeleteApplication application={application} />}
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="apis">
          <GrantedApis key={id} clientId={id} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function DeleteApplication({ application }: { readonly application: Application }) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayDelete = useMay('delete:clients');
  const { client_id: id = '', name = '' } = application;
  if (!mayDelete) return null;
  return (
    <Deletion
      label={applicationTexts.remove}
      title={applicationTexts.removeTitle}
      hint={fill(applicationTexts.removeHint, { text: name })}
      wanted={name}
      onDelete={async () => {
        await management.call(operations.deleteClient, { parameters: { id } });
        await navigate({ to: '/applications', ignoreBlocker: true });
        await queries.invalidateQueries({ queryKey: ['applications', 'list'] });
      }}
    />
  );
}
