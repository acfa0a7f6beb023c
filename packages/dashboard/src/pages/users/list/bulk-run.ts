import type { CallAnswer, ManagementClient } from '@muster/contract';
import * as operations from '@muster/contract';
import type { Static } from 'typebox';
import type { User } from '../user-queries.ts';

/** `restore` is the undo of `delete` and offered as that alone. */
export type BulkAction = 'block' | 'unblock' | 'verify' | 'delete' | 'restore';

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
          fields: 'user_id,blocked,email_verified,identities',
          ...(from === '' ? {} : { from }),
        },
      });
    if (Array.isArray(body)) return;
    yield* body.users;
    from = 'next' in body ? body.next : undefined;
  }
}

/** @returns whether there was something to do */
async function apply(management: ManagementClient, action: BulkAction, user: User): Promise<boolean> {
  const id = user.user_id ?? '';
  switch (action) {
    case 'block':
    case 'unblock': {
      const blocked = action === 'block';
      if ((user.blocked === true) === blocked) return false;
      await management.call(operations.updateUser, { parameters: { id }, body: { blocked } });
      return true;
    }
    case 'verify':
      if (user.email_verified === true || user.identities?.[0]?.provider !== 'auth0') return false;
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
