import { appendLogEvent, describeManagementChange } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { PreconditionFailedError, UnownedResourceError } from '../platform/http/errors.ts';
import { getDeletedUserRetention } from '../tenant/index.ts';
import { keepDeletedUser } from './deleted/store.ts';
import type { UserDependencies } from './dependencies.ts';
import { lockUser } from './locks-store.ts';
import { describeUserOfEvent } from './log-events.ts';
import { presentUser } from './present-user.ts';
import { findUserIdByIdentifier } from './store.ts';
import { deleteUserRow, deleteUsersOfConnection } from './writes-store.ts';

export interface DeletionContext extends ChangeContext {
  readonly ifMatch?: readonly string[] | undefined;
  /** Keeps the user among the deleted ones for the tenant's recovery window. */
  readonly isRecoverable?: boolean;
}

/**
 * Deletes a user with everything that belongs to it. Idempotent: an unknown id changes nothing and is no error.
 * @throws UnownedResourceError, PreconditionFailedError, ProtectedAccountError, LastOwnerError
 */
export async function deleteUser(
  dependencies: UserDependencies,
  userId: string,
  context: DeletionContext,
): Promise<void> {
  if (!context.caller.scopes.has('delete:users') && context.caller.subject !== userId)
    throw new UnownedResourceError();
  await dependencies.database.transaction().execute(async (transaction) => {
    await removeUser(dependencies, transaction, userId, context);
  });
}

/** Deletes the user that a connection knows by an e-mail address; nothing happens when there is none. */
export async function deleteUserByEmail(
  dependencies: UserDependencies,
  connectionId: string,
  email: string,
  context: DeletionContext,
): Promise<void> {
  await dependencies.database.transaction().execute(async (transaction) => {
    const userId = await findUserIdByIdentifier(transaction, connectionId, email.toLowerCase());
    if (userId !== undefined) await removeUser(dependencies, transaction, userId, context);
  });
}

/** One batch of a connection's removal. @returns how many users went; 0 means that none is left */
export function removeUsersOfConnection(
  database: Database,
  connectionId: string,
  limit: number,
): Promise<number> {
  return database
    .transaction()
    .execute((transaction) => deleteUsersOfConnection(transaction, connectionId, limit));
}

/**
 * Deletes a user in a transaction of the caller's, whose scopes were checked.
 * @returns false when there is no such user
 * @throws PreconditionFailedError, ProtectedAccountError, LastOwnerError
 */
export async function removeUser(
  dependencies: UserDependencies,
  transaction: Database,
  userId: string,
  context: DeletionContext,
): Promise<boolean> {
  const user = await lockUser(transaction, userId);
  if (!user) return false;
  if (context.ifMatch && !context.ifMatch.includes(String(user.version))) throw new PreconditionFailedError();
  await dependencies.guard.assertMayChange(transaction, context.caller, [userId]);
  await dependencies.guard.assertMayGo(transaction, [userId]);
  if (context.isRecoverable === true && (await getDeletedUserRetention(transaction)) > 0)
    await keepDeletedUser(transaction, userId, context.caller.subject);
  await deleteUserRow(transaction, userId);
  const about = describeUserOfEvent(user);
  const before = presentUser(user, dependencies.presentation);
  await appendLogEvent(
    transaction,
    describeManagementChange({ ...context, statusCode: 204, before, after: {}, about }),
  );
  for (const listener of dependencies.listeners) await listener.userDeleted?.(transaction, { user });
  const { caller } = context;
  await appendLogEvent(transaction, {
    type: 'sdu',
    ...about,
    clientId: caller.clientId,
    ip: caller.ip,
    userAgent: caller.userAgent,
  });
  return true;
}
