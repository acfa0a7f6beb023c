import { NumberInput, Skeleton, Stack, Switch, TextInput } from '@mantine/core';
import * as operations from '@muster/contract';
import { defaultDeletedUserRetentionDays } from '@muster/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useWorkplace } from '../../api/management.ts';
import { LinesInput } from '../../ui/lines-input.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { settingsTexts } from './texts.ts';

type Settings = operations.BodyOf<typeof operations.updateTenantSettings>;

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
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={240} />;
  return (
    <SettingsForm
      key={found.dataUpdatedAt}
      settings={found.data.settings}
      isIdentifierFirst={found.data.isIdentifierFirst}
      onSaved={() => void found.refetch()}
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
  readonly onSaved: () => void;
}) {
  const { management } = useWorkplace();
  const mayChange = useMay('update:tenant_settings');
  const mayChangePrompts = useMay('update:prompts');
  const [edits, setEdits] = useState<Settings>({});
  const [identifierFirst, setIdentifierFirst] = useState(props.isIdentifierFirst);
  const shown = { ...props.settings, ...edits };
  const isChanged = Object.keys(edits).length > 0 || identifierFirst !== props.isIdentifierFirst;
  const saving = useMutation({
    mutationFn: async () => {
      if (Object.keys(edits).length > 0)
        await management.call(operations.updateTenantSettings, { body: edits });
      if (identifierFirst !== props.isIdentifierFirst)
        await management.call(operations.updatePromptSettings, {
          body: { identifier_first: identifierFirst },
        });
    },
    onSuccess: props.onSaved,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
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
            onChange={(event) => setEdits({ ...edits, [name]: event.currentTarget.value })}
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
              if (typeof value === 'number') setEdits({ ...edits, [name]: value });
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
            if (typeof value === 'number') setEdits({ ...edits, deleted_user_retention_days: value });
          }}
        />
        <RouteLink to="/users/deleted">{settingsTexts.deletedUsers}</RouteLink>
        <LinesInput
          label={settingsTexts.allowedLogoutUrls}
          values={shown.allowed_logout_urls ?? []}
          isReadOnly={!mayChange}
          onChange={(urls) => setEdits({ ...edits, allowed_logout_urls: urls })}
        />
        <Switch
          label={settingsTexts.identifierFirst}
          disabled={!mayChangePrompts}
          checked={identifierFirst}
          onChange={(event) => setIdentifierFirst(event.currentTarget.checked)}
        />
        <SaveBar
          isChanged={isChanged}
          isPending={saving.isPending}
          isSaved={saving.isSuccess}
          onDiscard={props.onSaved}
        />
      </Stack>
    </form>
  );
}
