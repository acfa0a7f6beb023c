import type { ManagementClient } from '@muster/contract';
import * as operations from '@muster/contract';
import { isRunning } from '../../jobs/job-queries.ts';
import { countUsers, type User } from '../user-queries.ts';
import { quoteValue } from './completion.ts';

/** What can be asked for. */
export type OfferedAction =
  | 'block'
  | 'unblock'
  | 'send_verification_email'
  | 'assign_roles'
  | 'remove_roles'
  | 'delete';

export const isAboutRole = (action: OfferedAction) => action === 'assign_roles' || action === 'remove_roles';

/** Whom a bulk action is for: users that were ticked, or everybody whom a search finds when it runs. */
export type Selection =
  | { readonly kind: 'some'; readonly users: ReadonlyMap<string, User> }
  | { readonly kind: 'matching'; readonly q: string | undefined; readonly total: number };

/** Asks the server to do one thing to all of them. @returns the job that does it, whether anybody watches or not */
export async function startAction(
  management: ManagementClient,
  action: OfferedAction,
  selection: Selection,
  /** Of an action that is about one. */
  roleId: string | undefined,
  isTrial = false,
): Promise<string> {
  const whom =
    selection.kind === 'some' ? { user_ids: [...selection.users.keys()] } : { q: selection.q ?? '' };
  const body = {
    action,
    ...whom,
    ...(roleId === undefined ? {} : { roles: [roleId] }),
    ...(isTrial ? { dry_run: true } : {}),
  };
  return (await management.call(operations.createUsersAction, { body })).body.id;
}

/** Milliseconds between two looks at a trial, which somebody waits for. */
const trialPause = 300;

/**
 * Has the server do it to all of them and take it back at once. @returns how many it would change
 * @throws when the trial is stopped, or nobody waits for it any more: then it is stopped
 */
export async function tryAction(
  management: ManagementClient,
  action: OfferedAction,
  selection: Selection,
  roleId: string | undefined,
  signal: AbortSignal,
): Promise<number> {
  const id = await startAction(management, action, selection, roleId, true);
  const call = { parameters: { id } };
  for (;;) {
    if (signal.aborted) {
      await management.call(operations.cancelJob, call);
      throw signal.reason;
    }
    const { body: job } = await management.call(operations.getJob, call);
    if (job.status === 'completed') return job.summary?.changed ?? 0;
    if (!isRunning(job)) throw new Error(job.status_details ?? job.status);
    await new Promise((settle) => setTimeout(settle, trialPause));
  }
}

/** Whom an action would change, as a condition of a query; everybody where there is none. */
const changeable: Readonly<Record<OfferedAction, string | undefined>> = {
  block: 'NOT blocked:true',
  unblock: 'blocked:true',
  send_verification_email: String.raw`NOT email_verified:true AND _exists_:email AND user_id:auth0\|*`,
  // Roles are nothing that a search knows.
  assign_roles: undefined,
  remove_roles: undefined,
  delete: undefined,
};

/** How many of a selection an action would change: of users that were ticked as they were shown, of a search as it is now. */
export async function countChanges(
  management: ManagementClient,
  action: OfferedAction,
  selection: Selection,
): Promise<number> {
  if (selection.kind === 'some')
    return [...selection.users.values()].filter((user) => isChangeable(action, user)).length;
  const condition = changeable[action];
  if (condition === undefined) return selection.total;
  return countUsers(management, selection.q === undefined ? condition : `(${selection.q}) AND ${condition}`);
}

function isChangeable(action: OfferedAction, user: User): boolean {
  switch (action) {
    case 'block':
    case 'unblock':
      return (user.blocked === true) !== (action === 'block');
    case 'send_verification_email':
      return (
        user.email !== undefined &&
        user.email_verified !== true &&
        user.user_id?.startsWith('auth0|') === true
      );
    case 'assign_roles':
    case 'remove_roles':
    case 'delete':
      return true;
  }
}

/** Users whose ids make an address that every browser and server takes. */
const mostInAddress = 150;

/** Users whose ids one search can name: a query has no more conditions. */
export const mostSelected = 20_000;

/** A search for these users. */
export function toQuery(ids: Iterable<string>): string {
  return `user_id:(${[...ids].map(quoteValue).join(' OR ')})`;
}

/** Whether an address that every browser and server takes can hold the search for so many users. */
export const fitsAddress = (count: number) => count <= mostInAddress;
