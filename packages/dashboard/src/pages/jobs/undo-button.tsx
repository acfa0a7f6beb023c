import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useWorkplace } from '../../api/management.ts';
import { useRetentionDays } from '../users/deleted/deleted-queries.ts';
import type { Job } from './job-queries.ts';
import { jobTexts } from './texts.ts';
import { findInverse, type InverseAction, startUndo } from './undo-job.ts';

/** Takes back what an action changed, by a job of its own. */
export function UndoButton({ job, onStart }: { readonly job: Job; readonly onStart: (id: string) => void }) {
  const { management, session } = useWorkplace();
  const back = findInverse(job, session, useRetentionDays());
  const undo = useMutation({
    mutationFn: (action: InverseAction) => startUndo(management, job, action),
    onSuccess: onStart,
  });
  if (back === undefined) return null;
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
