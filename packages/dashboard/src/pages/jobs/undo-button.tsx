import { Button, Text } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation } from '@tanstack/react-query';
import { useMay, useWorkplace } from '../../api/management.ts';
import { useRetentionDays } from '../users/deleted/deleted-queries.ts';
import { isRunning, type Job, scopeOfJob } from './job-queries.ts';
import { jobTexts } from './texts.ts';

/** What takes an action back; nothing takes back mails, or a restored user. */
const inverse = {
  block: 'unblock',
  unblock: 'block',
  delete: 'restore',
  assign_roles: 'remove_roles',
  remove_roles: 'assign_roles',
  restore: undefined,
  send_verification_email: undefined,
} as const;

function inverseOf({ action, roles, dry_run: isDryRun }: Job) {
  // Of several roles, a user may have had some before: those would be taken back with the others.
  if (action === undefined || isDryRun === true || (roles?.length ?? 0) > 1) return undefined;
  return inverse[action];
}

/** Takes back what an action changed, of exactly those users whom it changed, by a job of its own. */
export function UndoButton({ job, onStart }: { readonly job: Job; readonly onStart: (id: string) => void }) {
  const { management } = useWorkplace();
  const days = useRetentionDays();
  const isAllowed = useMay(scopeOfJob(job));
  const back = inverseOf(job);
  const undo = useMutation({
    mutationFn: async (action: NonNullable<typeof back>) => {
      const body = { action, changed_by: job.id, ...(job.roles ? { roles: job.roles } : {}) };
      return (await management.call(operations.createUsersAction, { body })).body.id;
    },
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
