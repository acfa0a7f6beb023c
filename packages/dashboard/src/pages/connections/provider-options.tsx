import { Stack, Textarea, TextInput } from '@mantine/core';
import { useMay } from '../../api/management.ts';
import { fill } from '../../texts/texts.ts';
import { Problem } from '../../ui/problem.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useEdits } from '../../ui/use-edits.ts';
import { type Connection, useConnectionChange } from './connection-queries.ts';
import { connectionTexts } from './texts.ts';

/** The options of a provider, whose keys only the provider knows. */
export function ProviderOptions({ connection }: { readonly connection: Connection }) {
  const isReadOnly = !useMay('update:connections');
  const stored = {
    displayName: connection.display_name ?? '',
    options: JSON.stringify(connection.options ?? {}, null, 2),
  };
  const edits = useEdits<typeof stored>(stored);
  const saving = useConnectionChange(connection.id ?? '');
  const shown = { ...stored, ...edits.edits };
  const read = readObject(shown.options);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (read.options === undefined) return;
        const { changed } = edits;
        saving.mutate(
          {
            ...(changed.displayName === undefined ? {} : { display_name: changed.displayName.trim() }),
            ...(changed.options === undefined ? {} : { options: read.options }),
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
          value={shown.displayName}
          onChange={(event) => edits.edit({ displayName: event.currentTarget.value })}
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
          value={shown.options}
          onChange={(event) => edits.edit({ options: event.currentTarget.value })}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <SaveBar edits={edits} saving={saving} />
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
