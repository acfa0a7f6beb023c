import { Button, Grid, Group, Stack, Switch, Table, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { texts } from '../../../texts/texts.ts';
import { Moment } from '../../../ui/moment.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useConnectionRules } from '../identifiers.ts';
import type { User, UserChange } from '../user-queries.ts';
import { profileTexts } from './texts.ts';

const profileFields = [
  ['email', texts.email],
  ['username', texts.username],
  ['phone_number', texts.phoneNumber],
  ['name', texts.name],
  ['given_name', texts.givenName],
  ['family_name', texts.familyName],
  ['nickname', texts.nickname],
] as const;
/** Kept by some connections alone: shown where there is something, or where it may be added. */
const rareFields: readonly string[] = ['username', 'phone_number'];
const switches = [
  ['email_verified', profileTexts.markVerified, 'email'],
  ['phone_verified', profileTexts.phoneVerified, 'phone_number'],
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
  const [edits, setEdits] = useState<Readonly<Record<string, string | boolean>>>({});
  const changed = Object.entries(edits).filter(
    ([name, value]) => value !== (Reflect.get(user, name) ?? (typeof value === 'boolean' ? false : '')),
  );
  const rules = useConnectionRules(user.identities?.[0]?.connection);
  const mayHave = (name: string) =>
    rules?.identifiers.some((identifier) => identifier.name === name) === true;
  const textOf = (name: (typeof profileFields)[number][0]) => {
    const edit = edits[name];
    return typeof edit === 'string' ? edit : (user[name] ?? '');
  };
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (changed.length > 0) props.onSave(Object.fromEntries(changed));
          }}
        >
          <Stack gap="sm">
            {props.error !== null && props.error !== undefined && <Problem error={props.error} />}
            {profileFields
              .filter(([name]) => !rareFields.includes(name) || user[name] !== undefined || mayHave(name))
              .map(([name, label]) => (
                <TextInput
                  key={name}
                  name={name}
                  label={label}
                  readOnly={props.isReadOnly}
                  value={textOf(name)}
                  onChange={(event) => setEdits({ ...edits, [name]: event.currentTarget.value })}
                />
              ))}
            {switches
              .filter(([, , of]) => user[of] !== undefined)
              .map(([name, label]) => (
                <Switch
                  key={name}
                  label={label}
                  disabled={props.isReadOnly}
                  checked={edits[name] === undefined ? user[name] === true : edits[name] === true}
                  onChange={(event) => setEdits({ ...edits, [name]: event.currentTarget.checked })}
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
    [texts.connection, (user.identities ?? []).map(({ connection }) => connection).join(', ')],
    [texts.lastLogin, <Moment key="login" at={user.last_login} />],
    [texts.logins, user.logins_count ?? 0],
    [texts.lastIp, user.last_ip ?? '–'],
    [texts.created, <Moment key="created" at={user.created_at} />],
    [texts.updated, <Moment key="updated" at={user.updated_at} />],
  ] as const;
  return (
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
  );
}
