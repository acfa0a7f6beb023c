import { Alert, Badge, Button, Code, Group, Skeleton, Stack, Tabs, Text, Title } from '@mantine/core';
import { ManagementCallError } from '@muster/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMay } from '../../../api/management.ts';
import { texts } from '../../../texts/texts.ts';
import { Copy } from '../../../ui/copy.tsx';
import { NameTitle } from '../../../ui/page-title.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { RouteLink } from '../../../ui/route-link.tsx';
import { TabList } from '../../../ui/tab-list.tsx';
import { isChangedMeanwhile, useUser, useUserChange } from '../user-queries.ts';
import { profileTexts } from './texts.ts';
import { UserAccess } from './user-access.tsx';
import { UserActions } from './user-actions.tsx';
import { UserBlocks } from './user-blocks.tsx';
import { UserDetails } from './user-details.tsx';
import { UserHistory } from './user-history.tsx';
import { UserIdentities } from './user-identities.tsx';
import { UserMetadata } from './user-metadata.tsx';
import { UserPicture } from './user-picture.tsx';
import { UserRoles } from './user-roles.tsx';

/** One user: who they are, what is known of them, what happened, and what can be done. */
export function UserPage() {
  const { id } = useParams({ from: '/users/$id' });
  const { tab = 'details' } = useSearch({ from: '/users/$id' });
  const navigate = useNavigate({ from: '/users/$id' });
  const found = useUser(id);
  const queries = useQueryClient();
  const change = useUserChange(id, found.data?.etag);
  const saving = useUserChange(id, found.data?.etag);
  const mayChange = useMay('update:users');
  const mayReadRoles = useMay('read:roles');
  if (isMissing(found.error)) return <NoUser />;
  if (found.isLoadingError) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={240} />;
  const { user } = found.data;
  const refusal = saving.error ?? change.error;
  const isStale = isChangedMeanwhile(refusal);
  const error = isStale ? undefined : refusal;
  return (
    <Stack>
      <NameTitle name={user.name ?? user.email ?? id} />
      <RouteLink to="/users">{texts.backToUsers}</RouteLink>
      <Group justify="space-between" align="start">
        <Group style={{ flex: '1 1 320px', minWidth: 0 }}>
          <UserPicture user={user} />
          <div style={{ flex: 1, minWidth: 0 }}>
            <Title order={1} size="h2" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
              <bdi>{user.name ?? user.email ?? id}</bdi>{' '}
              {user.blocked === true && <Badge color="red.9">{texts.blocked}</Badge>}
            </Title>
            <Group gap="xs">
              <Text size="sm" c="dimmed">
                <bdi>{id}</bdi>
              </Text>
              <Copy value={id} />
            </Group>
          </div>
        </Group>
        <UserActions user={user} onChange={(body) => change.mutate(body)} isChanging={change.isPending} />
      </Group>
      <UserBlocks id={id} />
      {isStale && (
        <Alert color="yellow" role="alert">
          <Stack gap="xs" align="start">
            {texts.changedMeanwhile}
            <Button
              size="compact-sm"
              variant="light"
              onClick={() => {
                change.reset();
                saving.reset();
                void queries.invalidateQueries({ queryKey: ['user', id] });
              }}
            >
              {texts.reload}
            </Button>
          </Stack>
        </Alert>
      )}
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ search: { tab: value ?? undefined }, replace: true })}
        keepMounted={false}
      >
        <TabList open={tab}>
          <Tabs.Tab value="details">{texts.details}</Tabs.Tab>
          <Tabs.Tab value="metadata">{texts.metadata}</Tabs.Tab>
          <Tabs.Tab value="identities">{profileTexts.identities}</Tabs.Tab>
          {mayReadRoles && <Tabs.Tab value="roles">{texts.roles}</Tabs.Tab>}
          <Tabs.Tab value="access">{profileTexts.access}</Tabs.Tab>
          <Tabs.Tab value="history">{texts.history}</Tabs.Tab>
          <Tabs.Tab value="raw">{texts.raw}</Tabs.Tab>
        </TabList>
        <Tabs.Panel value="details">
          <UserDetails key={id} user={user} isReadOnly={!mayChange} error={error} saving={saving} />
        </Tabs.Panel>
        <Tabs.Panel value="metadata">
          <UserMetadata
            key={id}
            user={user}
            etag={found.data.etag}
            onReload={() => void queries.invalidateQueries({ queryKey: ['user', id] })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="identities">
          <UserIdentities user={user} />
        </Tabs.Panel>
        <Tabs.Panel value="roles">
          <UserRoles id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="access">
          <UserAccess id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <UserHistory userId={id} />
        </Tabs.Panel>
        <Tabs.Panel value="raw">
          <Stack align="start">
            <Copy value={JSON.stringify(user, null, 2)} />
            <Code block w="100%">
              {JSON.stringify(user, null, 2)}
            </Code>
          </Stack>
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

const isMissing = (error: unknown) => error instanceof ManagementCallError && error.statusCode === 404;

/** Where the user was, or never has been. */
function NoUser() {
  return (
    <Stack>
      <RouteLink to="/users">{texts.backToUsers}</RouteLink>
      <Title order={1} size="h2">
        {profileTexts.gone}
      </Title>
      <Text c="dimmed">{profileTexts.goneHint}</Text>
      <RouteLink to="/users/deleted">{profileTexts.seeDeleted}</RouteLink>
    </Stack>
  );
}
