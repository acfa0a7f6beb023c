import { Button, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useMay, useWorkplace } from '../../../api/management.ts';
import { texts } from '../../../texts/texts.ts';
import { Confirmation } from '../../../ui/confirmation.tsx';
import { ListTable } from '../../../ui/list-table.tsx';
import { Moment } from '../../../ui/moment.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { RowRemoval } from '../../../ui/row-removal.tsx';
import { useClientNames } from '../../applications/client-names.ts';
import { profileTexts } from './texts.ts';

/** Where the user is signed in, which devices may renew their tokens, and which applications act for them. */
export function UserAccess({ id }: { readonly id: string }) {
  return (
    <Stack gap="xl">
      <EndAccess id={id} />
      <Sessions id={id} />
      <RefreshTokens id={id} />
      <AuthorizedApplications id={id} />
    </Stack>
  );
}

const sessionsKey = (id: string) => ['user', id, 'sessions'];
const tokensKey = (id: string) => ['user', id, 'refresh-tokens'];

/** Ends everything at once, sessions and refresh tokens, whichever of them there are; asks first. */
function EndAccess({ id }: { readonly id: string }) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const mayRevoke = useMay('delete:sessions');
  const [isAsking, setIsAsking] = useState(false);
  const sessions = useSessions(id);
  const tokens = useRefreshTokens(id);
  const end = useMutation({
    mutationFn: () => management.call(operations.revokeUserAccess, { parameters: { id }, body: {} }),
    onSuccess: () => setIsAsking(false),
    onSettled: () => queries.invalidateQueries({ queryKey: ['user', id] }),
  });
  if (!mayRevoke || ((sessions.data?.length ?? 0) === 0 && (tokens.data?.length ?? 0) === 0)) return null;
  return (
    <Group justify="flex-end">
      <Button size="compact-sm" color="red" variant="light" onClick={() => setIsAsking(true)}>
        {profileTexts.endAll}
      </Button>
      {isAsking && (
        <Confirmation
          title={profileTexts.endAllTitle}
          action={profileTexts.endAll}
          error={end.error}
          isPending={end.isPending}
          onConfirm={() => end.mutate()}
          onClose={() => setIsAsking(false)}
        >
          {profileTexts.endAllHint}
        </Confirmation>
      )}
    </Group>
  );
}

function useSessions(id: string) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: sessionsKey(id),
    queryFn: async () =>
      (await management.call(operations.listUserSessions, { parameters: { user_id: id } })).body.sessions,
  });
}

function useRefreshTokens(id: string) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: tokensKey(id),
    queryFn: async () =>
      (await management.call(operations.listUserRefreshTokens, { parameters: { user_id: id } })).body.tokens,
  });
}

function Sessions({ id }: { readonly id: string }) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const nameOf = useClientNames();
  const mayRevoke = useMay('delete:sessions');
  const found = useSessions(id);
  const revocation = useMutation({
    mutationFn: (session: string) =>
      management.call(operations.deleteSession, { parameters: { id: session } }),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsKey(id) }),
  });
  return (
    <Part
      title={texts.sessions}
      empty={texts.noSessions}
      head={[profileTexts.browser, texts.lastIp, texts.applications, profileTexts.lastUsed]}
      found={found}
      error={revocation.error}
    >
      {(found.data ?? []).map((session) => (
        <Table.Tr key={session.id}>
          <Table.Td maw={360}>{session.device.last_user_agent}</Table.Td>
          <Table.Td>{session.device.last_ip}</Table.Td>
          <Table.Td>{session.clients.map((client) => nameOf(client.client_id)).join(', ')}</Table.Td>
          <Table.Td data-label={profileTexts.lastUsed}>
            <Moment at={session.last_interacted_at} />
          </Table.Td>
          <Revoke
            isAllowed={mayRevoke}
            isPending={revocation.isPending && revocation.variables === session.id}
            onRevoke={() => revocation.mutate(session.id)}
          />
        </Table.Tr>
      ))}
    </Part>
  );
}

function RefreshTokens({ id }: { readonly id: string }) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const nameOf = useClientNames();
  const mayRevoke = useMay('delete:refresh_tokens');
  const found = useRefreshTokens(id);
  const revocation = useMutation({
    mutationFn: (token: string) =>
      management.call(operations.deleteRefreshToken, { parameters: { id: token } }),
    onSettled: () => queries.invalidateQueries({ queryKey: tokensKey(id) }),
  });
  return (
    <Part
      title={profileTexts.refreshTokens}
      empty={profileTexts.noRefreshTokens}
      head={[profileTexts.browser, texts.lastIp, profileTexts.application, profileTexts.lastUsed]}
      found={found}
      error={revocation.error}
    >
      {(found.data ?? []).map((token) => (
        <Table.Tr key={token.id}>
          <Table.Td maw={360}>{token.device.last_user_agent}</Table.Td>
          <Table.Td>{token.device.last_ip}</Table.Td>
          <Table.Td>{nameOf(token.client_id)}</Table.Td>
          <Table.Td data-label={profileTexts.lastUsed}>
            <Moment at={token.last_exchanged_at ?? token.created_at} />
          </Table.Td>
          <Revoke
            isAllowed={mayRevoke}
            isPending={revocation.isPending && revocation.variables === token.id}
            onRevoke={() => revocation.mutate(token.id)}
          />
        </Table.Tr>
      ))}
    </Part>
  );
}

function AuthorizedApplications({ id }: { readonly id: string }) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const nameOf = useClientNames();
  const mayRevoke = useMay('delete:grants');
  const found = useQuery({
    queryKey: ['user', id, 'grants'],
    queryFn: async () => {
      const { body } = await management.call(operations.listUserGrants, { query: { user_id: id } });
      return Array.isArray(body) ? body : body.grants;
    },
  });
  const revocation = useMutation({
    mutationFn: (grant: string) => management.call(operations.deleteUserGrant, { parameters: { id: grant } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['user', id, 'grants'] }),
  });
  return (
    <Part
      title={profileTexts.applications}
      empty={profileTexts.noApplications}
      head={[profileTexts.application, profileTexts.audience, profileTexts.scope]}
      found={found}
      error={revocation.error}
    >
      {(found.data ?? []).map((grant) => (
        <Table.Tr key={grant.id}>
          <Table.Td>{nameOf(grant.clientID)}</Table.Td>
          <Table.Td>{grant.audience}</Table.Td>
          <Table.Td maw={360}>{grant.scope.join(' ')}</Table.Td>
          <Revoke
            isAllowed={mayRevoke}
            isPending={revocation.isPending && revocation.variables === grant.id}
            onRevoke={() => revocation.mutate(grant.id)}
          />
        </Table.Tr>
      ))}
    </Part>
  );
}

function Part(props: {
  readonly title: string;
  readonly empty: string;
  /** Names of the columns but the last, which is for a button. */
  readonly head: readonly string[];
  readonly found: {
    readonly data: readonly unknown[] | undefined;
    readonly error: unknown;
    readonly refetch: () => unknown;
  };
  readonly error: unknown;
  readonly children: ReactNode;
}) {
  const { found } = props;
  return (
    <section aria-label={props.title}>
      <Title order={2} size="h5" mb="xs">
        {props.title}
      </Title>
      {props.error !== null && props.error !== undefined && <Problem error={props.error} />}
      {found.error !== null && found.error !== undefined ? (
        <Problem error={found.error} onRetry={() => void found.refetch()} />
      ) : !found.data ? (
        <Skeleton height={64} />
      ) : found.data.length === 0 ? (
        <Text size="sm" c="dimmed">
          {props.empty}
        </Text>
      ) : (
        <ListTable minWidth={560}>
          <Table.Thead>
            <Table.Tr>
              {props.head.map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{props.children}</Table.Tbody>
        </ListTable>
      )}
    </section>
  );
}

function Revoke(props: {
  readonly isAllowed: boolean;
  readonly isPending: boolean;
  readonly onRevoke: () => void;
}) {
  return (
    <Table.Td ta="end">
      {props.isAllowed && (
        <RowRemoval isPending={props.isPending} onRemove={props.onRevoke}>
          {texts.revoke}
        </RowRemoval>
      )}
    </Table.Td>
  );
}
