import { Grid, Stack, Switch, Table, TextInput, Title } from '@mantine/core';
import { texts } from '../../../texts/texts.ts';
import { Moment } from '../../../ui/moment.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { SaveBar } from '../../../ui/save-bar.tsx';
import { useEdits } from '../../../ui/use-edits.ts';
import { useConnectionRules } from '../identifiers.ts';
import type { User, UserChange, useUserChange } from '../user-queries.ts';
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
  readonly saving: ReturnType<typeof useUserChange>;
}) {
  const { user } = props;
  const edits = useEdits<UserChange>({
    ...user,
    email_verified: user.email_verified ?? false,
    phone_verified: user.phone_verified ?? false,
  });
  const shown = { ...user, ...edits.edits };
  const rules = useConnectionRules(user.identities?.[0]?.connection);
  const mayHave = (name: string) =>
    rules?.identifiers.some((identifier) => identifier.name === name) === true;
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const { changed } = edits;
            if (edits.isChanged) props.saving.mutate(changed, { onSuccess: () => edits.settle(changed) });
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
                  // Where a name in Arabic begins; `dir` itself would be that of the frame around the field.
                  attributes={{ input: { dir: 'auto' } }}
                  readOnly={props.isReadOnly}
                  value={shown[name] ?? ''}
                  onChange={(event) => edits.edit({ [name]: event.currentTarget.value })}
                />
              ))}
            {switches
              .filter(([, , of]) => user[of] !== undefined)
              .map(([name, label]) => (
                <Switch
                  key={name}
                  label={label}
                  disabled={props.isReadOnly}
                  checked={shown[name] === true}
                  onChange={(event) => edits.edit({ [name]: event.currentTarget.checked })}
                />
              ))}
            <SaveBar edits={edits} saving={props.saving} />
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
