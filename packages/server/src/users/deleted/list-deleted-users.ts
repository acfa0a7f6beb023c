import type { listDeletedUsers as operation, QueryOf } from '@muster/contract';
import type { Database } from '../../platform/database/database.ts';
import { readCheckpointList } from '../../platform/http/paging.ts';
import { getDeletedUserRetention } from '../../tenant/index.ts';
import { presentDeletedUser } from './present-deleted-user.ts';
import { listStoredDeletedUsers } from './store.ts';

/** Deleted users that can still be brought back, page by page. */
export async function listDeletedUsers(
  database: Database,
  query: QueryOf<typeof operation>,
): Promise<Record<string, unknown>> {
  const days = await getDeletedUserRetention(database);
  return readCheckpointList(
    async (after, limit) => {
      const text = query.q?.trim() || undefined;
      const users = await listStoredDeletedUsers(database, { days, text, after, limit });
      return users.map((user) => ({
        ...user,
        checkpoint: { createdAt: user.deletedAt.toISOString(), id: user.userId },
      }));
    },
    { key: 'users', query, present: (user) => presentDeletedUser(user, days) },
  );
}
