import { Button, Text } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation } from '@tanstack/react-query';
import { useMay, useWorkplace } from '../../api/management.ts';
import { useRetentionDays } from '../users/deleted/deleted-queries.ts';
import { isRunning, type Job, scopeOfJob } from './job-queries.ts';
import { jobTexts } from './texts.ts';

const inverse = { block: 'unblock', unblock: 'block', delete: 'restore' } as const;

function inverseOf({ action }: Job): 'block' | 'unblock' | 'restore' | undefined {
  return action === 'block' || action === 'unblock' || action === 'delete' ? inverse[action] : undefined;
}

/** Takes back what an action changed, of exactly those users whom it changed, by a job of its own. */
export function UndoButton({ job, onStart }: { readonly job: Job; readonly onStart: (id: string) => void }) {
  const { management } = useWorkplace();
  const days = useRetentionDays();
  const isAllowed = useMay(scopeOfJob(job));
  const back = inverseOf(job);
  const undo = useMutation({
    mutationFn: async (action: 'block' | 'unblock' | 'restore') =>
      (await management.call(operations.createUsersAction, { body: { action, changed_by: job.id } })).body.id,
    onSuccess: onStart,
  });
  if (back === undefined || !isAllowed || isRunning(job) || !job.summary?.changed) return null;
  if (back === 'restore' && (days ?? 0) === 0) return null;
  return (
    <>
      <Button variant="default" loading={undo.isPending} onClick={() => undo.mutate(back)}>
        {jobTexts.undo}
      </Button>
      {undo.error && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {undo.error.message}
        </Text>
      )}
    </>
  );
}
