import { NumberInput, Skeleton, Stack, Switch, TextInput } from '@mantine/core';
import * as operations from '@muster/contract';
import { defaultDeletedUserRetentionDays } from '@muster/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMay, useWorkplace } from '../../api/management.ts';
import { LinesInput } from '../../ui/lines-input.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useEdits } from '../../ui/use-edits.ts';
import { settingsTexts } from './texts.ts';

type Settings = operations.BodyOf<typeof operations.updateTenantSettings>;
/** What the form changes: the tenant's settings, and one of its prompts'. */
type Change = Settings & { identifierFirst: boolean };

/** Names, support, sessions and what the sign-in asks for. */
export function GeneralSettings() {
  const { management } = useWorkplace();
  const found = useQuery({
    queryKey: ['tenant', 'settings'],
    queryFn: async () => {
      const [{ body: settings }, { body: prompts }] = await Promise.all([
        management.call(operations.getTenantSettings),
        management.call(operations.getPromptSettings),
      ]);
      return { settings, isIdentifierFirst: prompts.identifier_first };
    },
  });
  if (found.isLoadingError) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={240} />;
  return (
    <SettingsForm
      settings={found.data.settings}
      isIdentifierFirst={found.data.isIdentifierFirst}
      onSaved={() => found.refetch()}
    />
  );
}

const names = [
  ['friendly_name', settingsTexts.friendlyName],
  ['support_email', settingsTexts.supportEmail],
  ['support_url', settingsTexts.supportUrl],
  ['default_directory', settingsTexts.defaultDirectory],
] as const;
const lifetimes = [
  ['session_lifetime', settingsTexts.sessionLifetime],
  ['idle_session_lifetime', settingsTexts.idleSessionLifetime],
] as const;

function SettingsForm(props: {
  readonly settings: Settings;
  readonly isIdentifierFirst: boolean;
  readonly onSaved: () => Promise<unknown>;
}) {
  const { management } = useWorkplace();
  const mayChange = useMay('update:tenant_settings');
  const mayChangePrompts = useMay('update:prompts');
  const stored = { ...props.settings, identifierFirst: props.isIdentifierFirst };
  const edits = useEdits<Change>(stored);
  const { edit } = edits;
  const shown = { ...stored, ...edits.edits };
  const saving = useMutation({
    mutationFn: async ({ identifierFirst, ...settings }: Partial<Change>) => {
      if (Object.keys(settings).length > 0)
        await management.call(operations.updateTenantSettings, { body: settings });
      if (identifierFirst !== undefined)
        await management.call(operations.updatePromptSettings, {
          body: { identifier_first: identifierFirst },
        });
    },
    onSuccess: async (_nothing, saved) => {
      await props.onSaved();
      edits.settle(saved);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate(edits.changed);
      }}
    >
      <Stack maw={560}>
        {saving.error && <Problem error={saving.error} />}
        {names.map(([name, label]) => (
          <TextInput
            key={name}
            label={label}
            readOnly={!mayChange}
            value={shown[name] ?? ''}
            onChange={(event) => edit({ [name]: event.currentTarget.value })}
          />
        ))}
        {lifetimes.map(([name, label]) => (
          <NumberInput
            key={name}
            label={label}
            min={1}
            readOnly={!mayChange}
            value={shown[name] ?? ''}
            onChange={(value) => {
              if (typeof value === 'number') edit({ [name]: value });
            }}
          />
        ))}
        <NumberInput
          label={settingsTexts.retention}
          description={settingsTexts.retentionHint}
          min={0}
          max={365}
          allowDecimal={false}
          readOnly={!mayChange}
          value={shown.deleted_user_retention_days ?? defaultDeletedUserRetentionDays}
          onChange={(value) => {
            if (typeof value === 'number') edit({ deleted_user_retention_days: value });
          }}
        />
        <RouteLink to="/users/deleted">{settingsTexts.deletedUsers}</RouteLink>
        <LinesInput
          label={settingsTexts.allowedLogoutUrls}
          values={shown.allowed_logout_urls ?? []}
          isReadOnly={!mayChange}
          onChange={(urls) => edit({ allowed_logout_urls: urls })}
        />
        <Switch
          label={settingsTexts.identifierFirst}
          disabled={!mayChangePrompts}
          checked={shown.identifierFirst}
          onChange={(event) => edit({ identifierFirst: event.currentTarget.checked })}
        />
        <SaveBar edits={edits} saving={saving} />
      </Stack>
    </form>
  );
}
