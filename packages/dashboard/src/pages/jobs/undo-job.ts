import type { ManagementClient } from '@muster/contract';
import * as operations from '@muster/contract';
import type { Session } from '../../session/session.ts';
import { isRunning, type Job, scopeOfJob } from './job-queries.ts';

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

export type InverseAction = NonNullable<(typeof inverse)[keyof typeof inverse]>;

/**
 * What would take back what a job changed; `undefined` where nothing does, or this person may not.
 * @param days for which deleted users can be brought back
 */
export function findInverse(job: Job, session: Session, days: number | undefined): InverseAction | undefined {
  const { action, roles, dry_run: isDryRun } = job;
  // Of several roles, a user may have had some before: those would be taken back with the others.
  if (action === undefined || isDryRun === true || (roles?.length ?? 0) > 1) return undefined;
  if (isRunning(job) || !job.summary?.changed || !session.scopes.has(scopeOfJob(job))) return undefined;
  const back = inverse[action];
  return back === 'restore' && (days ?? 0) === 0 ? undefined : back;
}

/** Takes back what an action changed, of exactly those users whom it changed. @returns the job that does it */
export async function startUndo(
  management: ManagementClient,
  job: Job,
  action: InverseAction,
): Promise<string> {
  const body = { action, changed_by: job.id, ...(job.roles ? { roles: job.roles } : {}) };
  return (await management.call(operations.createUsersAction, { body })).body.id;
}
