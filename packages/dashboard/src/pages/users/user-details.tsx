import { Button, Grid, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { texts } from '../../texts/texts.ts';
import { Moment } from '../../ui/moment.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { User, UserChange } from './user-queries.ts';

const profileFields = [
  ['email', texts.email],
  ['name', texts.name],
  ['given_name', texts.givenName],
  ['family_name', texts.familyName],
  ['nickname', texts.nickname],
  ['picture', texts.picture],
] as const;

/** The profile to be edited, and beside it what the person did. */
export function UserDetails(props: {
  readonly user: User;
  readonly isReadOnly: boolean;
  readonly error: unknown;
  readonly isSaving: boolean;
  readonly onSave: (change: UserChange) => void;
}) {
  const { user } = props;
  const [edits, setEdits] = useState<Readonly<Record<string, string>>>({});
  const changed = Object.entries(edits).filter(([name, value]) => value !== (Reflect.get(user, name) ?? ''));
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            props.onSave(Object.fromEntries(changed));
          }}
        >
          <Stack gap="sm">
            {props.error !== null && props.error !== undefined && <Problem error={props.error} />}
            {profileFields.map(([name, label]) => (
              <TextInput
                key={name}
                name={name}
                label={label}
                readOnly={props.isReadOnly}
                value={edits[name] ?? user[name] ?? ''}
                onChange={(event) => setEdits({ ...edits, [name]: event.currentTarget.value })}
              />
            ))}
            {changed.length > 0 && (
              <Group>
                <Button type="submit" loading={props.isSaving}>
                  {texts.save}
                </Button>
                <Button variant="default" onClick={() => setEdits({})}>
                  {texts.discard}
                </Button>
              </Group>
            )}
          </Stack>
        </form>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <SignInFacts user={user} />
      </Grid.Col>
    </Grid>
  );
}

function SignInFacts({ user }: { readonly user: User }) {
  const facts = [
    [texts.lastLogin, <Moment key="login" at={user.last_login} />],
    [texts.logins, user.logins_count ?? 0],
    [texts.lastIp, user.last_ip ?? '–'],
    [texts.created, <Moment key="created" at={user.created_at} />],
    [texts.updated, <Moment key="updated" at={user.updated_at} />],
    [
      texts.email,
      <Text key="email" size="sm" span>
        {user.email_verified ? texts.verified : texts.notVerified}
      </Text>,
    ],
  ] as const;
  return (
    <Stack>
      <div>
        <Title order={2} size="h5">
          {texts.signInFacts}
        </Title>
        <Table>
          <Table.Tbody>
            {facts.map(([label, value]) => (
              <Table.Tr key={label}>
                <Table.Th scope="row" fw={400}>
                  {label}
                </Table.Th>
                <Table.Td ta="end">{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <div>
        <Title order={2} size="h5">
          {texts.identities}
        </Title>
        {(user.identities ?? []).map(({ connection, user_id: id, provider }) => (
          <Text key={`${provider}|${id}`} size="sm" style={{ overflowWrap: 'anywhere' }}>
            {connection}: <bdi>{String(id)}</bdi>
          </Text>
        ))}
      </div>
    </Stack>
  );
}
