import { Checkbox, Fieldset, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useMay } from '../../api/management.ts';
import { LinesInput } from '../../ui/lines-input.tsx';
import { Problem } from '../../ui/problem.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useEdits } from '../../ui/use-edits.ts';
import {
  type Application,
  type ApplicationChange,
  applicationTypes,
  useApplicationChange,
} from './application-queries.ts';
import { applicationTexts } from './texts.ts';

const addresses = [
  { name: 'callbacks', label: applicationTexts.callbacks, hint: applicationTexts.callbacksHint },
  { name: 'allowed_logout_urls', label: applicationTexts.logoutUrls, hint: undefined },
  { name: 'web_origins', label: applicationTexts.webOrigins, hint: applicationTexts.webOriginsHint },
  { name: 'allowed_origins', label: applicationTexts.allowedOrigins, hint: undefined },
] as const;
const authMethods = ['none', 'client_secret_post', 'client_secret_basic'] as const;
const grantTypes = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
  'password',
  'http://auth0.com/oauth/grant-type/password-realm',
  'implicit',
];
const rotating = {
  rotation_type: 'rotating',
  expiration_type: 'expiring',
  leeway: 10,
  infinite_token_lifetime: false,
  infinite_idle_token_lifetime: false,
} as const;
const notRotating = { rotation_type: 'non-rotating', expiration_type: 'non-expiring' } as const;

/** Names, addresses and tokens of an application; only what was changed is sent. */
export function ApplicationSettings({ application }: { readonly application: Application }) {
  const isReadOnly = !useMay('update:clients');
  const edits = useEdits<ApplicationChange>(application);
  const { edit } = edits;
  const saving = useApplicationChange(application.client_id ?? '');
  const shown = { ...application, ...edits.edits };
  const method = shown.token_endpoint_auth_method ?? undefined;
  const isKnownMethod = authMethods.some((known) => known === method);
  const chosenGrants = shown.grant_types ?? [];
  const type = applicationTypes.find((known) => known === shown.app_type);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const { changed } = edits;
        saving.mutate(changed, { onSuccess: () => edits.settle(changed) });
      }}
    >
      <Stack>
        {saving.error && <Problem error={saving.error} />}
        <TextInput
          label={applicationTexts.name}
          required
          maxLength={1000}
          readOnly={isReadOnly}
          value={shown.name ?? ''}
          onChange={(event) => edit({ name: event.currentTarget.value })}
        />
        <TextInput
          label={applicationTexts.description}
          maxLength={140}
          readOnly={isReadOnly}
          value={shown.description ?? ''}
          onChange={(event) => edit({ description: event.currentTarget.value })}
        />
        <Select
          label={applicationTexts.type}
          placeholder={application.app_type ?? applicationTexts.otherType}
          data={applicationTypes.map((value) => ({ value, label: applicationTexts[value] }))}
          allowDeselect={false}
          readOnly={isReadOnly}
          value={type ?? null}
          onChange={(value) => {
            const chosen = applicationTypes.find((known) => known === value);
            if (chosen) edit({ app_type: chosen });
          }}
        />
        <Fieldset legend={applicationTexts.addresses}>
          <Stack gap="sm">
            {addresses.map(({ name, label, hint }) => (
              <LinesInput
                key={name}
                label={label}
                {...(hint === undefined ? {} : { description: hint })}
                values={shown[name] ?? []}
                isReadOnly={isReadOnly}
                onChange={(values) => edit({ [name]: values })}
              />
            ))}
          </Stack>
        </Fieldset>
        <Fieldset legend={applicationTexts.tokens}>
          <Stack gap="sm">
            <Select
              label={applicationTexts.authMethod}
              placeholder={isKnownMethod ? undefined : (method ?? applicationTexts.auth_private_key_jwt)}
              data={authMethods.map((value) => ({ value, label: applicationTexts[`auth_${value}`] }))}
              allowDeselect={false}
              readOnly={isReadOnly}
              value={isKnownMethod ? (method ?? null) : null}
              onChange={(value) => {
                const chosen = authMethods.find((known) => known === value);
                if (chosen) edit({ token_endpoint_auth_method: chosen });
              }}
            />
            <Checkbox.Group
              label={applicationTexts.grantTypes}
              value={chosenGrants}
              onChange={(values) => edit({ grant_types: values })}
            >
              <Stack gap="xs" mt="xs">
                {[...new Set([...grantTypes, ...(application.grant_types ?? [])])].map((value) => (
                  <Checkbox key={value} value={value} label={value} disabled={isReadOnly} />
                ))}
              </Stack>
            </Checkbox.Group>
            <Checkbox
              label={applicationTexts.rotating}
              disabled={isReadOnly}
              checked={shown.refresh_token?.rotation_type === 'rotating'}
              onChange={(event) =>
                edit({ refresh_token: event.currentTarget.checked ? rotating : notRotating })
              }
            />
            <NumberInput
              label={applicationTexts.idTokenLifetime}
              min={1}
              max={31_557_600}
              allowDecimal={false}
              readOnly={isReadOnly}
              value={shown.jwt_configuration?.lifetime_in_seconds ?? ''}
              onChange={(value) => {
                if (typeof value === 'number') edit({ jwt_configuration: { lifetime_in_seconds: value } });
              }}
            />
          </Stack>
        </Fieldset>
        <SaveBar edits={edits} saving={saving} />
      </Stack>
    </form>
  );
}
