import type { CallAnswer, ManagementClient } from '@muster/contract';
import * as operations from '@muster/contract';
import type { Static } from 'typebox';
import { countUsers, type User } from '../user-queries.ts';
import { quoteValue } from './completion.ts';

/** What can be asked for. */
export type OfferedAction = 'block' | 'unblock' | 'verify' | 'delete';

/** `restore` is the undo of `delete` and offered as that alone. */
export type BulkAction = OfferedAction | 'restore';

/** Whom a bulk action is for: users that were ticked, or everybody whom a search finds when it runs. */
export type Selection =
  | { readonly kind: 'some'; readonly users: ReadonlyMap<string, User> }
  | { readonly kind: 'matching'; readonly q: string | undefined; readonly total: number };

export interface BulkFailure {
  readonly id: string;
  readonly message: string;
}

export interface BulkProgress {
  readonly done: number;
  /** Ids of the users that were changed, for an undo. */
  readonly changed: readonly string[];
  readonly unchanged: number;
  readonly failures: readonly BulkFailure[];
}

/** Calls at once: enough to hide the latency, few enough to leave the server to the others. */
const concurrency = 4;
const pageSize = 100;
/** Users whose ids make an address that every browser and server takes. */
const mostInAddress = 150;

/**
 * Does one thing to many users, one call each, so that every one has its own log event and its own answer. Stops before
 * the next user when the signal is aborted; what was done stays done.
 */
export async function runBulk(
  management: ManagementClient,
  action: BulkAction,
  targets: AsyncIterable<User> | Iterable<User>,
  signal: AbortSignal,
  onProgress: (progress: BulkProgress) => void,
): Promise<BulkProgress> {
  const changed: string[] = [];
  const failures: BulkFailure[] = [];
  let unchanged = 0;
  const progress = (): BulkProgress => ({
    done: changed.length + unchanged + failures.length,
    changed,
    unchanged,
    failures,
  });
  const iterator = toAsync(targets);
  const work = async () => {
    for (;;) {
      if (signal.aborted) return;
      const next = await iterator.next();
      if (next.done) return;
      const id = next.value.user_id ?? '';
      try {
        if (await apply(management, action, next.value)) changed.push(id);
        else unchanged += 1;
      } catch (error) {
        failures.push({ id, message: error instanceof Error ? error.message : String(error) });
      }
      onProgress(progress());
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return progress();
}

async function* toAsync(users: AsyncIterable<User> | Iterable<User>): AsyncGenerator<User> {
  yield* users;
}

/** The selected users as they are now; pages are stable while the action changes what the search finds. */
export async function* listTargets(management: ManagementClient, selection: Selection): AsyncGenerator<User> {
  if (selection.kind === 'some') {
    yield* selection.users.values();
    return;
  }
  let from: string | undefined = '';
  while (from !== undefined) {
    const { body }: CallAnswer<Static<(typeof operations.searchUsers.responses)[200]>> =
      await management.call(operations.searchUsers, {
        body: {
          ...(selection.q === undefined ? {} : { q: selection.q }),
          sort: 'created_at:1',
          take: pageSize,
          fields: 'user_id,email,blocked,email_verified',
          ...(from === '' ? {} : { from }),
        },
      });
    if (Array.isArray(body)) return;
    yield* body.users;
    from = 'next' in body ? body.next : undefined;
  }
}

/** Whom an action would change, as a condition of a query; everybody where there is none. */
const changeable: Readonly<Record<OfferedAction, string | undefined>> = {
  block: 'NOT blocked:true',
  unblock: 'blocked:true',
  verify: String.raw`NOT email_verified:true AND _exists_:email AND user_id:auth0\|*`,
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

function isChangeable(action: BulkAction, user: User): boolean {
  switch (action) {
    case 'block':
    case 'unblock':
      return (user.blocked === true) !== (action === 'block');
    case 'verify':
      return (
        user.email !== undefined &&
        user.email_verified !== true &&
        user.user_id?.startsWith('auth0|') === true
      );
    case 'delete':
    case 'restore':
      return true;
  }
}

/** Users whose ids one search can name: a query has no more conditions. */
export const mostSelected = 20_000;

/** A search for these users. */
export function toQuery(ids: Iterable<string>): string {
  return `user_id:(${[...ids].map(quoteValue).join(' OR ')})`;
}

/** Whether an address that every browser and server takes can hold the search for so many users. */
export const fitsAddress = (count: number) => count <= mostInAddress;

/** @returns whether there was something to do */
async function apply(management: ManagementClient, action: BulkAction, user: User): Promise<boolean> {
  const id = user.user_id ?? '';
  if (!isChangeable(action, user)) return false;
  switch (action) {
    case 'block':
    case 'unblock':
      await management.call(operations.updateUser, {
        parameters: { id },
        body: { blocked: action === 'block' },
      });
      return true;
    case 'verify':
      await management.call(operations.createVerificationEmail, { body: { user_id: id } });
      return true;
    case 'delete':
      await management.call(operations.deleteUser, { parameters: { id }, query: { recoverable: true } });
      return true;
    case 'restore':
      await management.call(operations.restoreUser, { parameters: { id } });
      return true;
  }
}
