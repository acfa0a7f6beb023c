import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useId, useMemo, useState } from 'react';
import { useMay } from '../../../api/management.ts';
import { fill, texts } from '../../../texts/texts.ts';
import { isSame } from '../../../ui/is-same.ts';
import { Problem } from '../../../ui/problem.tsx';
import { useLeaveGuard } from '../../../ui/use-leave-guard.ts';
import { isChangedMeanwhile, useUserChange } from '../user-queries.ts';
import {
  type Metadata,
  type MetadataKind,
  type MetadataProblem,
  readMetadata,
  toMetadataChange,
} from './metadata.ts';
import { MetadataDiff } from './metadata-diff.tsx';
import { metadataTexts } from './metadata-texts.ts';

const JsonEditor = lazy(async () => ({ default: (await import('./json-editor.tsx')).JsonEditor }));
const noProblems: readonly MetadataProblem[] = [];
const write = (value: Metadata) => JSON.stringify(value, null, 2);

/**
 * A user's metadata as JSON, with what a change would do before it is saved. What somebody writes stays until it is saved or
 * discarded, whatever the server says; only what they changed is sent, so that it stands beside what others changed meanwhile.
 */
export function MetadataEditor(props: {
  readonly userId: string;
  readonly kind: MetadataKind;
  readonly value: Metadata;
  readonly etag: string | undefined;
  /** Shows the user as they are now. */
  readonly onReload: () => void;
}) {
  const { kind, value } = props;
  /** What was written, and what it began from. */
  const [draft, setDraft] = useState<{ readonly text: string; readonly base: Metadata }>();
  const change = useUserChange(props.userId, props.etag);
  const isReadOnly = !useMay('update:users');
  const problemId = useId();
  const base = draft?.base ?? value;
  const text = draft?.text ?? write(value);
  const read = useMemo(() => readMetadata(kind, text), [kind, text]);
  const problems = read.ok ? noProblems : read.problems;
  const sent = read.ok ? toMetadataChange(base, read.value) : {};
  const isChanged = Object.keys(sent).length > 0;
  const isNewVersion = draft !== undefined && !isSame(draft.base, value);
  const contested = Object.keys(sent).filter(
    (key) => !isSame(base[key], value[key]) && !isSame(sent[key], value[key]),
  );
  useLeaveGuard(() => isChanged || !read.ok, texts.leaveUnsaved);
  const isStale = isChangedMeanwhile(change.error);
  const discard = () => {
    setDraft(undefined);
    change.reset();
  };
  return (
    <Stack gap="xs" component="section" aria-label={kind}>
      <Text fw={500} size="sm">
        {metadataTexts[kind]}
      </Text>
      <Suspense fallback={<Skeleton height={140} />}>
        <JsonEditor
          label={metadataTexts[kind]}
          describedBy={problemId}
          text={text}
          problems={problems}
          isReadOnly={isReadOnly}
          onChange={(next) =>
            setDraft((before) => (next === text ? before : { text: next, base: before?.base ?? value }))
          }
        />
      </Suspense>
      <div id={problemId} aria-live="polite">
        {problems.slice(0, 3).map(({ from, message }) => (
          <Text key={`${from} ${message}`} size="sm" c="var(--mantine-color-error)">
            {message}
          </Text>
        ))}
        {problems.length > 3 && (
          <Text size="sm" c="dimmed">
            {fill(metadataTexts.more, { count: problems.length - 3 })}
          </Text>
        )}
      </div>
      {read.ok && isChanged && <MetadataDiff before={base} after={read.value} />}
      {isNewVersion && isChanged && !isStale && (
        <Alert color="yellow">
          {metadataTexts.newVersion}{' '}
          {contested.length > 0 && fill(metadataTexts.bothChanged, { keys: contested.join(', ') })}
        </Alert>
      )}
      {isStale && (
        <Alert color="yellow" role="alert">
          <Stack gap="xs" align="start">
            {texts.changedMeanwhile}
            <Button
              size="compact-sm"
              variant="light"
              onClick={() => {
                change.reset();
                props.onReload();
              }}
            >
              {texts.reload}
            </Button>
          </Stack>
        </Alert>
      )}
      {change.error && !isStale && <Problem error={change.error} />}
      {draft !== undefined && !isReadOnly && (
        <Group>
          <Button
            loading={change.isPending}
            disabled={!isChanged}
            onClick={() => change.mutate({ [kind]: sent }, { onSuccess: discard })}
          >
            {texts.save}
          </Button>
          <Button variant="default" onClick={discard}>
            {texts.discard}
          </Button>
          {read.ok && text !== write(read.value) && (
            <Button variant="subtle" onClick={() => setDraft({ text: write(read.value), base })}>
              {metadataTexts.tidy}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}
