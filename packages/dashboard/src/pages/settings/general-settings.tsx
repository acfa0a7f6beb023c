import { Button, Group, NumberInput, Skeleton, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useWorkplace } from '../../api/management.ts';
import { texts } from '../../texts/texts.ts';
import { Problem } from '../../ui/problem.tsx';
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

const toLines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

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
  const [urls, setUrls] = useState<string>();
  const shown = { ...props.settings, ...edits };
  const changes: Settings = {
    ...edits,
    ...(urls === undefined ? {} : { allowed_logout_urls: toLines(urls) }),
  };
  const isChanged = Object.keys(changes).length > 0 || identifierFirst !== props.isIdentifierFirst;
  const saving = useMutation({
    mutationFn: async () => {
      if (Object.keys(changes).length > 0)
        await management.call(operations.updateTenantSettings, { body: changes });
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
        <Textarea
          label={settingsTexts.allowedLogoutUrls}
          autosize
          minRows={2}
          readOnly={!mayChange}
          value={urls ?? (props.settings.allowed_logout_urls ?? []).join('\n')}
          onChange={(event) => setUrls(event.currentTarget.value)}
        />
        <Switch
          label={settingsTexts.identifierFirst}
          disabled={!mayChangePrompts}
          checked={identifierFirst}
          onChange={(event) => setIdentifierFirst(event.currentTarget.checked)}
        />
        {isChanged && (
          <Group>
            <Button type="submit" loading={saving.isPending}>
              {texts.save}
            </Button>
            <Button variant="default" onClick={props.onSaved}>
              {texts.discard}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
