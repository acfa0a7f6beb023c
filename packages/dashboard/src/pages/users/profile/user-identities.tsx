import { Badge, Button, Group, Paper, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import * as operations from '@muster/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useWorkplace } from '../../../api/management.ts';
import { fill, texts } from '../../../texts/texts.ts';
import { Confirmation } from '../../../ui/confirmation.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { RowRemoval } from '../../../ui/row-removal.tsx';
import { readSearchText } from '../list/search-text.ts';
import type { User } from '../user-queries.ts';
import { LinkDialog } from './link-dialog.tsx';
import { profileTexts } from './texts.ts';

type Identity = NonNullable<User['identities']>[number];

/** Users that a search for another account offers. */
const mostOffered = 5;

/** The accounts that a user signs in by: each with its cached profile, further ones to be linked and unlinked. */
export function UserIdentities({ user }: { readonly user: User }) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const mayChange = useMay('update:users');
  const [unlinking, setUnlinking] = useState<Identity>();
  const id = user.user_id ?? '';
  const removal = useMutation({
    mutationFn: ({ provider, user_id: own }: Identity) =>
      management.call(operations.unlinkIdentity, {
        parameters: { id, provider: provider ?? '', user_id: String(own) },
      }),
    onSuccess: async () => {
      setUnlinking(undefined);
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['user', id] }),
        queries.invalidateQueries({ queryKey: ['users'] }),
      ]);
    },
  });
  return (
    <Stack>
      {(user.identities ?? []).map((identity, index) => (
        <Paper key={`${identity.provider}|${identity.user_id}`} withBorder p="md">
          <Group justify="space-between" align="start">
            <div>
              <Group gap="xs">
                <Text fw={600}>{identity.connection}</Text>
                {index === 0 && (
                  <Badge variant="outline" color="gray" tt="none">
                    {profileTexts.main}
                  </Badge>
                )}
              </Group>
              <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                <bdi>
                  {identity.provider}|{identity.user_id}
                </bdi>
              </Text>
            </div>
            {mayChange && index > 0 && (
              <RowRemoval
                name={`${profileTexts.unlink}: ${identity.provider}|${identity.user_id}`}
                onRemove={() => setUnlinking(identity)}
              >
                {profileTexts.unlink}
              </RowRemoval>
            )}
          </Group>
          {identity.profileData && (
            <details>
              <summary>{fill(profileTexts.cachedProfile, { connection: identity.connection ?? '' })}</summary>
              <ProfileComparison user={user} identity={identity} />
            </details>
          )}
        </Paper>
      ))}
      {mayChange && <LinkAnother user={user} />}
      {unlinking && (
        <Confirmation
          title={fill(profileTexts.unlinkTitle, { name: `${unlinking.provider}|${unlinking.user_id}` })}
          action={profileTexts.unlink}
          error={removal.error}
          isPending={removal.isPending}
          onConfirm={() => removal.mutate(unlinking)}
          onClose={() => setUnlinking(undefined)}
        >
          {profileTexts.unlinkHint}
        </Confirmation>
      )}
    </Stack>
  );
}

/** What a connection said of the person beside what is shown of them. */
function ProfileComparison({ user, identity }: { readonly user: User; readonly identity: Identity }) {
  const cached: Readonly<Record<string, unknown>> = { ...identity.profileData };
  return (
    <Table.ScrollContainer minWidth={480} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table mt="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th />
            <Table.Th>
              {fill(profileTexts.connectionProfile, { connection: identity.connection ?? '' })}
            </Table.Th>
            <Table.Th>{profileTexts.rootProfile}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {Object.entries(cached).map(([name, value]) => {
            const resulting: unknown = Reflect.get(user, name);
            const isSame = JSON.stringify(resulting) === JSON.stringify(value);
            return (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400}>
                  {name}
                </Table.Th>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <bdi>{toText(value)}</bdi>
                </Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }} fw={isSame ? 400 : 600}>
                  <bdi>{resulting === undefined ? '–' : toText(resulting)}</bdi>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const toText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** Finds the account to be linked: those of the same address are suggested, others searched for. */
function LinkAnother({ user }: { readonly user: User }) {
  const { management } = useWorkplace();
  const [text, setText] = useState('');
  const [settled] = useDebouncedValue(text.trim(), 250);
  const [chosen, setChosen] = useState<User>();
  const { email, user_id: id } = user;
  const suggested = useQuery({
    queryKey: ['users', 'same-email', email],
    enabled: email !== undefined,
    queryFn: async () =>
      (await management.call(operations.listUsersByEmail, { query: { email: email ?? '' } })).body,
  });
  const read = readSearchText(settled);
  const found = useQuery({
    queryKey: ['users', 'to-link', settled],
    enabled: read.kind === 'query',
    queryFn: async () => {
      const query = { q: read.kind === 'query' ? read.q : '', take: mostOffered + 1 };
      const { body } = await management.call(operations.listUsers, { query });
      return Array.isArray(body) ? body : body.users;
    },
  });
  const isOther = (other: User) => other.user_id !== id;
  const same = (suggested.data ?? []).filter(isOther);
  const others = read.kind === 'query' ? (found.data ?? []).filter(isOther).slice(0, mostOffered) : [];
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        {profileTexts.link}
      </Title>
      {same.length > 0 && (
        <>
          <Text size="sm">{profileTexts.suggested}</Text>
          {same.map((other) => (
            <Candidate key={other.user_id} user={other} onChoose={() => setChosen(other)} />
          ))}
        </>
      )}
      <TextInput
        label={profileTexts.linkSearch}
        value={text}
        spellCheck={false}
        autoCapitalize="none"
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {found.error && <Problem error={found.error} />}
      {read.kind === 'query' && found.isSuccess && others.length === 0 && (
        <Text size="sm" c="dimmed">
          {texts.nobodyFound}
        </Text>
      )}
      {others.map((other) => (
        <Candidate key={other.user_id} user={other} onChoose={() => setChosen(other)} />
      ))}
      {chosen && <LinkDialog user={user} other={chosen} onClose={() => setChosen(undefined)} />}
    </Stack>
  );
}

function Candidate({ user, onChoose }: { readonly user: User; readonly onChoose: () => void }) {
  const name = user.name ?? user.email ?? user.user_id ?? '';
  return (
    <Group justify="space-between" wrap="nowrap">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" truncate>
          <bdi>{name}</bdi>
        </Text>
        <Text size="xs" c="dimmed" truncate>
          <bdi>{user.email ?? user.user_id}</bdi> · {user.identities?.[0]?.connection}
        </Text>
      </div>
      <Button
        size="compact-sm"
        variant="default"
        onClick={onChoose}
        aria-label={`${profileTexts.linkChoose}: ${name}`}
      >
        {profileTexts.linkChoose}
      </Button>
    </Group>
  );
}
