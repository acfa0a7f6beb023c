import { Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/management.ts';
import { fill } from '../../texts/texts.ts';
import { Problem } from '../../ui/problem.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { type Connection, useConnectionChange } from './connection-queries.ts';
import { connectionTexts } from './texts.ts';

/** The options of a provider, whose keys only the provider knows. */
export function ProviderOptions({ connection }: { readonly connection: Connection }) {
  const isReadOnly = !useMay('update:connections');
  const stored = JSON.stringify(connection.options ?? {}, null, 2);
  const [displayName, setDisplayName] = useState(connection.display_name ?? '');
  const [typed, setTyped] = useState(stored);
  const saving = useConnectionChange(connection.id ?? '');
  const isRenamed = displayName.trim() !== (connection.display_name ?? '');
  const read = readObject(typed);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (read.options === undefined) return;
        saving.mutate({
          ...(isRenamed ? { display_name: displayName.trim() } : {}),
          ...(typed === stored ? {} : { options: read.options }),
        });
      }}
    >
      <Stack>
        {saving.error && <Problem error={saving.error} />}
        <TextInput
          label={connectionTexts.displayName}
          maxLength={128}
          readOnly={isReadOnly}
          value={displayName}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
        <Textarea
          label={connectionTexts.otherOptions}
          description={connectionTexts.otherOptionsHint}
          error={
            read.problem === undefined ? undefined : fill(connectionTexts.notJson, { problem: read.problem })
          }
          autosize
          minRows={6}
          maxRows={30}
          spellCheck={false}
          readOnly={isReadOnly}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <SaveBar
          isChanged={isRenamed || typed !== stored}
          isPending={saving.isPending}
          isSaved={saving.isSuccess}
          onDiscard={() => {
            setTyped(stored);
            setDisplayName(connection.display_name ?? '');
          }}
        />
      </Stack>
    </form>
  );
}

function readObject(text: string): {
  readonly options?: Record<string, unknown>;
  readonly problem?: string;
} {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { options: { ...value } }
      : { problem: '{ … }' };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
