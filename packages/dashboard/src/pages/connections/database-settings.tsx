import { Checkbox, Code, Fieldset, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { ConnectionOptions as OptionsSchema } from '@muster/contract';
import { Check } from 'typebox/value';
import { useMay } from '../../api/management.ts';
import { LinesInput } from '../../ui/lines-input.tsx';
import { Problem } from '../../ui/problem.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useEdits } from '../../ui/use-edits.ts';
import { type Connection, type ConnectionOptions, useConnectionChange } from './connection-queries.ts';
import { connectionTexts } from './texts.ts';

const policies = ['none', 'low', 'fair', 'good', 'excellent'] as const;
/** What an activated history keeps where nobody said more. */
const defaultHistory = 5;
const mostHistory = 24;
const longestUsername = 128;
const longestPassword = 128;
const defaultUsername = { min: 1, max: 15 };

/** How a database lets people sign up and choose passwords. */
export function DatabaseSettings({ connection }: { readonly connection: Connection }) {
  const isReadOnly = !useMay('update:connections');
  const stored: ConnectionOptions = Check(OptionsSchema, connection.options) ? connection.options : {};
  const { display_name: displayName = '' } = connection;
  const edits = useEdits<ConnectionOptions & { displayName: string }>({ ...stored, displayName });
  const { edit } = edits;
  const saving = useConnectionChange(connection.id ?? '');
  const options: ConnectionOptions = { ...stored, ...edits.edits };
  const policy = options.passwordPolicy ?? 'none';
  const username = options.validation?.username;
  const history = options.password_history;
  const dictionary = options.password_dictionary;
  const checkbox = (label: string, isChecked: boolean, change: (isChecked: boolean) => ConnectionOptions) => (
    <Checkbox
      label={label}
      disabled={isReadOnly}
      checked={isChecked}
      onChange={(event) => edit(change(event.currentTarget.checked))}
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const { changed } = edits;
        const { displayName: name, ...changedOptions } = changed;
        saving.mutate(
          {
            ...(name === undefined ? {} : { display_name: name.trim() }),
            ...(Object.keys(changedOptions).length === 0
              ? {}
              : { options: { ...stored, ...changedOptions } }),
          },
          { onSuccess: () => edits.settle(changed) },
        );
      }}
    >
      <Stack>
        {saving.error && <Problem error={saving.error} />}
        <TextInput
          label={connectionTexts.displayName}
          maxLength={128}
          readOnly={isReadOnly}
          value={edits.edits.displayName ?? displayName}
          onChange={(event) => edit({ displayName: event.currentTarget.value })}
        />
        <Fieldset legend={connectionTexts.signUp}>
          <Stack gap="sm">
            {checkbox(connectionTexts.allowSignUp, options.disable_signup !== true, (isChecked) => ({
              disable_signup: !isChecked,
            }))}
            {options.attributes === undefined ? (
              checkbox(connectionTexts.requiresUsername, options.requires_username === true, (isChecked) => ({
                requires_username: isChecked,
              }))
            ) : (
              <div>
                <Text size="sm">{connectionTexts.attributesHint}</Text>
                <Code block mt="xs" tabIndex={0}>
                  {JSON.stringify(options.attributes, null, 2)}
                </Code>
              </div>
            )}
            {options.requires_username === true && (
              <Group grow>
                {(['min', 'max'] as const).map((bound) => (
                  <NumberInput
                    key={bound}
                    label={
                      bound === 'min' ? connectionTexts.usernameShortest : connectionTexts.usernameLongest
                    }
                    min={1}
                    max={longestUsername}
                    allowDecimal={false}
                    readOnly={isReadOnly}
                    value={username?.[bound] ?? defaultUsername[bound]}
                    onChange={(value) => {
                      if (typeof value === 'number')
                        edit({
                          validation: { username: { ...defaultUsername, ...username, [bound]: value } },
                        });
                    }}
                  />
                ))}
              </Group>
            )}
          </Stack>
        </Fieldset>
        <Fieldset legend={connectionTexts.passwords}>
          <Stack gap="sm">
            <Select
              label={connectionTexts.policy}
              description={connectionTexts[`${policy}Hint`]}
              data={policies.map((value) => ({ value, label: connectionTexts[value] }))}
              allowDeselect={false}
              readOnly={isReadOnly}
              value={policy}
              onChange={(value) => {
                const passwordPolicy = policies.find((known) => known === value);
                if (passwordPolicy) edit({ passwordPolicy });
              }}
            />
            <NumberInput
              label={connectionTexts.minLength}
              description={connectionTexts.minLengthHint}
              min={1}
              max={longestPassword}
              allowDecimal={false}
              readOnly={isReadOnly}
              value={options.password_complexity_options?.min_length ?? ''}
              onChange={(value) =>
                edit({ password_complexity_options: typeof value === 'number' ? { min_length: value } : {} })
              }
            />
            {checkbox(connectionTexts.history, history?.enable === true, (enable) => ({
              password_history: { size: defaultHistory, ...history, enable },
            }))}
            {history?.enable === true && (
              <NumberInput
                label={connectionTexts.historySize}
                min={1}
                max={mostHistory}
                allowDecimal={false}
                readOnly={isReadOnly}
                value={history.size ?? defaultHistory}
                onChange={(size) => {
                  if (typeof size === 'number') edit({ password_history: { enable: true, size } });
                }}
              />
            )}
            {checkbox(
              connectionTexts.noPersonalInfo,
              options.password_no_personal_info?.enable === true,
              (enable) => ({ password_no_personal_info: { enable } }),
            )}
            {checkbox(connectionTexts.dictionary, dictionary?.enable === true, (enable) => ({
              password_dictionary: { ...dictionary, enable },
            }))}
            {dictionary?.enable === true && (
              <LinesInput
                label={connectionTexts.dictionaryWords}
                values={dictionary.dictionary ?? []}
                isReadOnly={isReadOnly}
                onChange={(words) => edit({ password_dictionary: { enable: true, dictionary: words } })}
              />
            )}
            {checkbox(
              connectionTexts.newPasswords,
              options.disable_self_service_change_password !== true,
              (isChecked) => ({ disable_self_service_change_password: !isChecked }),
            )}
          </Stack>
        </Fieldset>
        <Fieldset legend={connectionTexts.protection}>
          {checkbox(connectionTexts.bruteForce, options.brute_force_protection !== false, (isChecked) => ({
            brute_force_protection: isChecked,
          }))}
        </Fieldset>
        <SaveBar edits={edits} saving={saving} />
      </Stack>
    </form>
  );
}
