import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { fill, texts } from '../../../texts/texts.ts';
import { Problem } from '../../../ui/problem.tsx';
import { diffMetadata, type Metadata, readMetadata } from './metadata.ts';

/** A user's metadata as JSON, with what a change would do before it is saved. */
export function MetadataEditor(props: {
  readonly label: string;
  readonly value: Metadata;
  readonly isReadOnly: boolean;
  readonly error: unknown;
  readonly isSaving: boolean;
  /** Given the whole new metadata; keys that went are null in `change`. */
  readonly onSave: (change: Record<string, unknown>) => void;
}) {
  const shown = JSON.stringify(props.value, null, 2);
  const [text, setText] = useState<string>();
  const read = readMetadata(text ?? shown);
  const changes = read.ok ? diffMetadata(props.value, read.value) : [];
  return (
    <Stack gap="xs">
      <Textarea
        label={props.label}
        value={text ?? shown}
        onChange={(event) => setText(event.currentTarget.value)}
        error={read.ok ? undefined : read.problem}
        readOnly={props.isReadOnly}
        autosize
        minRows={4}
        maxRows={24}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      {changes.map(({ key, kind, before, after }) => (
        <Text key={key} size="sm" ff="monospace" c={kind === 'removed' ? 'red' : 'teal'}>
          {fill('{kind} {key}: ', { kind: texts[kind], key })}
          {kind !== 'added' && JSON.stringify(before)}
          {kind === 'changed' && ' → '}
          {kind !== 'removed' && JSON.stringify(after)}
        </Text>
      ))}
      {props.error !== null && props.error !== undefined && <Problem error={props.error} />}
      {changes.length > 0 && (
        <Group>
          <Button
            loading={props.isSaving}
            onClick={() => {
              props.onSave(
                Object.fromEntries(
                  changes.map(({ key, kind, after }) => [key, kind === 'removed' ? null : after]),
                ),
              );
              setText(undefined);
            }}
          >
            {texts.save}
          </Button>
          <Button variant="default" onClick={() => setText(undefined)}>
            {texts.discard}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
