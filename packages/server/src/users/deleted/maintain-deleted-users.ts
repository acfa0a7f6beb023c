import type { Database } from '../../platform/database/database.ts';
import { purgeInBatches, startPurging } from '../../platform/purging.ts';
import { getDeletedUserRetention } from '../../tenant/index.ts';
import { deleteExpiredUsers } from './store.ts';

/** Deletes users whose recovery window is over. @returns how many went */
export async function purgeExpiredUsers(database: Database): Promise<number> {
  const days = await getDeletedUserRetention(database);
  return purgeInBatches((limit) => deleteExpiredUsers(database, days, limit));
}

export function startDeletedUserMaintenance(options: {
  readonly database: Database;
  readonly logger: { error(details: { err: unknown }, message: string): void };
}): { stop(): Promise<void> } {
  return startPurging(
    () => purgeExpiredUsers(options.database),
    (error) => options.logger.error({ err: error }, 'deleted users could not be purged'),
  );
}
