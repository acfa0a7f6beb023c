import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { violatedConstraint } from '../../platform/database/violated-constraint.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import { getDeletedUserRetention } from '../../tenant/index.ts';
import type { UserDependencies } from '../dependencies.ts';
import { describeUserOfEvent } from '../log-events.ts';
import { type PresentedUser, presentUser } from '../present-user.ts';
import { findUser } from '../store.ts';
import type { User } from '../user.ts';
import { rewriteEntries } from '../writes-store.ts';
import {
  DeletedUserNotFoundError,
  RestoreConflictError,
  RestoreConnectionGoneError,
  type TakenName,
} from './errors.ts';
import { deleteDeletedUser, lockDeletedUser, putBackDeletedUser } from './store.ts';

/**
 * Brings a deleted user back as it was, under its id and with its password; rows, search entry and log event commit together.
 * @throws DeletedUserNotFoundError, RestoreConflictError, RestoreConnectionGoneError
 */
export function restoreUser(
  dependencies: UserDependencies,
  userId: string,
  context: ChangeContext,
): Promise<{ user: User; presented: PresentedUser }> {
  return dependencies.database
    .transaction()
    .execute((transaction) => putUserBack(dependencies, transaction, userId, context));
}

/** The same in a transaction of the caller's, which is rolled back when this throws. */
export async function putUserBack(
  { presentation }: Pick<UserDependencies, 'presentation'>,
  transaction: Database,
  userId: string,
  context: ChangeContext,
): Promise<{ user: User; presented: PresentedUser }> {
  try {
    const days = await getDeletedUserRetention(transaction);
    const deleted = await lockDeletedUser(transaction, userId, days);
    if (!deleted) throw new DeletedUserNotFoundError();
    if (!(await putBackDeletedUser(transaction, userId)))
      throw new RestoreConnectionGoneError(deleted.connection);
    await rewriteEntries(transaction, [userId]);
    await deleteDeletedUser(transaction, userId);
    const user = await findUser(transaction, userId);
    if (!user) throw new Error('a user that was put back is not there');
    const presented = presentUser(user, presentation);
    await appendLogEvent(
      transaction,
      describeManagementChange({
        ...context,
        statusCode: 200,
        response: presented,
        before: {},
        after: presented,
        about: describeUserOfEvent(user),
      }),
    );
    return { user, presented };
  } catch (cause) {
    const taken = takenNames.get(violatedConstraint(cause) ?? '');
    throw taken === undefined ? cause : new RestoreConflictError(taken, { cause });
  }
}

const takenNames: ReadonlyMap<string, TakenName> = new Map([
  ['users_pkey', 'user_id'],
  ['identities_email_key', 'email'],
  ['identities_username_key', 'username'],
  ['identities_phone_key', 'phone_number'],
  ['identities_provider_user_id_key', 'identity'],
]);
