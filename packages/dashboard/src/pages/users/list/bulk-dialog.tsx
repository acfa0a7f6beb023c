import { Button, Group, List, Modal, Progress, Stack, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useWorkplace } from '../../../api/management.ts';
import { fill, locale, texts } from '../../../texts/texts.ts';
import { useLeaveGuard } from '../../../ui/use-leave-guard.ts';
import { useRetentionDays } from '../deleted/deleted-queries.ts';
import type { User } from '../user-queries.ts';
import {
  type BulkAction,
  type BulkProgress,
  countChanges,
  listTargets,
  type OfferedAction,
  runBulk,
  type Selection,
} from './bulk-run.ts';
import { listTexts } from './texts.ts';

const number = new Intl.NumberFormat(locale);
const nothing: BulkProgress = { done: 0, changed: [], unchanged: 0, failures: [] };
/** Failures that are written out; a run of thousands has the rest in their log events. */
const shownFailures = 20;

const words = {
  block: [listTexts.blockTitle, listTexts.blockHint],
  unblock: [listTexts.unblockTitle, listTexts.unblockHint],
  verify: [listTexts.verifyTitle, listTexts.verifyHint],
  delete: [listTexts.deleteTitle, listTexts.deleteHint],
} as const;
const inverse = { block: 'unblock', unblock: 'block', verify: undefined, delete: 'restore' } as const;

type Stage = 'asking' | 'running' | 'over' | 'undoing' | 'undone';

/** Asks, with how many it is about; then shows how far it is, what failed, and takes it back where that can be done. */
export function BulkDialog(props: {
  readonly action: OfferedAction;
  readonly selection: Selection;
  /** Given whether something was done. */
  readonly onClose: (isOver: boolean) => void;
}) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const [stage, setStage] = useState<Stage>('asking');
  const [progress, setProgress] = useState(nothing);
  const [error, setError] = useState<unknown>();
  const [typed, setTyped] = useState('');
  const abort = useRef(new AbortController());
  useEffect(() => () => abort.current.abort(), []);
  const { action, selection } = props;
  const days = useRetentionDays();
  const count = selection.kind === 'some' ? selection.users.size : selection.total;
  const values = { count: number.format(count), done: number.format(progress.done), days: days ?? 0 };
  const mayUndo = inverse[action] !== undefined && (action !== 'delete' || (days ?? 0) > 0);
  const changes = useQuery({
    queryKey: [
      'users',
      'changes',
      action,
      selection.kind === 'some' ? [...selection.users.keys()] : { q: selection.q },
    ],
    // What an action has changed is not to be counted again.
    enabled: stage === 'asking' && action !== 'delete',
    queryFn: () => countChanges(management, action, selection),
  });
  const isBusy = stage === 'running' || stage === 'undoing';
  useLeaveGuard(() => isBusy, listTexts.leaveRun);
  const isConfirmed = action !== 'delete' || typed.replaceAll(/\D/g, '') === String(count);

  const run = async (what: BulkAction, targets: AsyncIterable<User> | Iterable<User>, next: Stage) => {
    abort.current = new AbortController();
    setError(undefined);
    setProgress(nothing);
    try {
      setProgress(await runBulk(management, what, targets, abort.current.signal, setProgress));
    } catch (problem) {
      setError(problem);
    }
    setStage(next);
    await queries.invalidateQueries({ queryKey: ['users'] });
  };
  const start = () => {
    setStage('running');
    void run(action, listTargets(management, selection), 'over');
  };
  const undo = () => {
    const back = inverse[action];
    if (back === undefined) return;
    setStage('undoing');
    const blocked = action === 'block';
    void run(
      back,
      progress.changed.map((id) => ({ user_id: id, blocked })),
      'undone',
    );
  };
  const total = stage === 'undoing' ? Math.max(1, progress.done) : Math.max(1, count);
  return (
    <Modal
      opened
      onClose={() => props.onClose(stage !== 'asking')}
      closeOnClickOutside={!isBusy}
      closeOnEscape={!isBusy}
      title={fill(words[action][0], values)}
      closeButtonProps={{ 'aria-label': texts.close, disabled: isBusy }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (stage === 'asking' && isConfirmed) start();
        }}
      >
        <Stack>
          {stage === 'asking' &&
            (action === 'delete' ? (
              <TextInput
                label={fill(days === 0 ? listTexts.deleteForGoodHint : listTexts.deleteHint, values)}
                value={typed}
                data-autofocus
                autoComplete="off"
                inputMode="numeric"
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
            ) : (
              <Text size="sm" aria-live="polite">
                {words[action][1]}{' '}
                {changes.data !== undefined &&
                  fill(listTexts.wouldChange, { ...values, change: number.format(changes.data) })}
              </Text>
            ))}
          {stage !== 'asking' && (
            <Progress
              value={stage === 'over' || stage === 'undone' ? 100 : (progress.done / total) * 100}
              animated={isBusy}
              aria-label={fill(listTexts.progress, values)}
            />
          )}
          {isBusy && (
            <Text size="sm" c="dimmed">
              {listTexts.runHint}
            </Text>
          )}
          <Text size="sm" aria-live="polite">
            {isBusy && fill(listTexts.progress, values)}
            {stage === 'undone' && listTexts.undone}
            {stage === 'over' &&
              fill(abort.current.signal.aborted ? listTexts.stopped : listTexts.finished, {
                ...values,
                changed: number.format(progress.changed.length),
                unchanged: number.format(progress.unchanged),
              })}
          </Text>
          {error !== undefined && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {error instanceof Error ? error.message : String(error)}
            </Text>
          )}
          {progress.failures.length > 0 && (
            <div role="alert">
              <Text size="sm" fw={600}>
                {fill(listTexts.failures, { count: number.format(progress.failures.length) })}
              </Text>
              <List size="sm">
                {progress.failures.slice(0, shownFailures).map(({ id, message }) => (
                  <List.Item key={id}>
                    <bdi>{id}</bdi>: {message}
                  </List.Item>
                ))}
              </List>
            </div>
          )}
          <Group justify="flex-end">
            {stage === 'asking' && (
              <>
                <Button variant="default" onClick={() => props.onClose(false)}>
                  {texts.cancel}
                </Button>
                <Button
                  type="submit"
                  disabled={!isConfirmed}
                  {...(action === 'delete' ? { color: 'red' } : {})}
                >
                  {action === 'delete' ? texts.remove : listTexts.start}
                </Button>
              </>
            )}
            {isBusy && (
              <Button variant="default" onClick={() => abort.current.abort()}>
                {listTexts.stop}
              </Button>
            )}
            {stage === 'over' && mayUndo && progress.changed.length > 0 && (
              <Button variant="default" onClick={undo}>
                {listTexts.undo}
              </Button>
            )}
            {(stage === 'over' || stage === 'undone') && (
              <Button onClick={() => props.onClose(true)}>{texts.close}</Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
