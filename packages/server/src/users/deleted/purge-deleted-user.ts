import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import { getDeletedUserRetention } from '../../tenant/index.ts';
import { presentDeletedUser } from './present-deleted-user.ts';
import { deleteDeletedUser, lockDeletedUser } from './store.ts';

/** Ends one user's recovery window now. Idempotent, as a deletion is. */
export async function purgeDeletedUser(
  database: Database,
  userId: string,
  context: ChangeContext,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const days = await getDeletedUserRetention(transaction);
    const deleted = await lockDeletedUser(transaction, userId, days);
    if (!deleted) return;
    await deleteDeletedUser(transaction, userId);
    await appendLogEvent(
      transaction,
      describeManagementChange({
        ...context,
        statusCode: 204,
        before: presentDeletedUser(deleted, days),
        after: {},
        about: { userId, connection: deleted.connection },
      }),
    );
  });
}
