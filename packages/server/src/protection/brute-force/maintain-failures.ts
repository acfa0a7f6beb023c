import type { Database } from '../../platform/database/database.ts';
import { purgeInBatches, startPurging } from '../../platform/purging.ts';
import { deleteExpiredFailures } from './failures-store.ts';

/** Deletes counters and blocks 30 days after their last wrong password. @returns how many went */
export function purgeExpiredFailures(database: Database): Promise<number> {
  return purgeInBatches((limit) => deleteExpiredFailures(database, limit));
}

export function startProtectionMaintenance(options: {
  readonly database: Database;
  readonly logger: { error(details: { err: unknown }, message: string): void };
}): { stop(): Promise<void> } {
  return startPurging(
    () => purgeExpiredFailures(options.database),
    (error) => options.logger.error({ err: error }, 'old counters of wrong passwords could not be purged'),
  );
}
