import { Checkbox, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useMay } from '../../api/management.ts';
import { Problem } from '../../ui/problem.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useEdits } from '../../ui/use-edits.ts';
import { type Api, type ApiChange, useApiChange } from './api-queries.ts';
import { apiTexts } from './texts.ts';

const lifetimes = [
  { name: 'token_lifetime', label: apiTexts.lifetime },
  { name: 'token_lifetime_for_web', label: apiTexts.webLifetime },
] as const;
const switches = [
  { name: 'allow_offline_access', label: apiTexts.offline },
  { name: 'skip_consent_for_verifiable_first_party_clients', label: apiTexts.skipConsent },
  { name: 'enforce_policies', label: apiTexts.enforcePolicies },
] as const;
const dialects = ['access_token', 'access_token_authz', 'rfc9068_profile', 'rfc9068_profile_authz'] as const;
/** Seconds: 30 days, the most that the API takes. */
const longestLifetime = 2_592_000;

/** The name of an API and how its tokens are; only what was changed is sent. */
export function ApiSettings({ api }: { readonly api: Api }) {
  const isReadOnly = !useMay('update:resource_servers') || api.is_system === true;
  const edits = useEdits<ApiChange>(api);
  const { edit } = edits;
  const saving = useApiChange(api.id ?? '');
  const shown = { ...api, ...edits.edits };
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
          label={apiTexts.name}
          required
          maxLength={200}
          readOnly={isReadOnly}
          value={shown.name ?? ''}
          onChange={(event) => edit({ name: event.currentTarget.value })}
        />
        {lifetimes.map(({ name, label }) => (
          <NumberInput
            key={name}
            label={label}
            min={1}
            max={longestLifetime}
            allowDecimal={false}
            readOnly={isReadOnly}
            value={shown[name] ?? ''}
            onChange={(value) => {
              if (typeof value === 'number') edit({ [name]: value });
            }}
          />
        ))}
        <Select
          label={apiTexts.dialect}
          data={dialects.map((value) => ({ value, label: apiTexts[value] }))}
          allowDeselect={false}
          readOnly={isReadOnly}
          value={shown.token_dialect ?? 'access_token'}
          onChange={(value) => {
            const chosen = dialects.find((dialect) => dialect === value);
            if (chosen) edit({ token_dialect: chosen });
          }}
        />
        {switches.map(({ name, label }) => (
          <Checkbox
            key={name}
            label={label}
            disabled={isReadOnly}
            checked={shown[name] === true}
            onChange={(event) => edit({ [name]: event.currentTarget.checked })}
          />
        ))}
        <SaveBar edits={edits} saving={saving} />
      </Stack>
    </form>
  );
}
