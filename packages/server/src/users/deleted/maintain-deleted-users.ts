import type { Database } from '../../platform/database/database.ts';
import { getDeletedUserRetention } from '../../tenant/index.ts';
import { deleteExpiredUsers } from './store.ts';

const batch = 1_000;
/** Milliseconds. */
const interval = 600_000;

/** Deletes users whose recovery window is over, batch by batch. @returns how many went */
export async function purgeExpiredUsers(database: Database): Promise<number> {
  const days = await getDeletedUserRetention(database);
  let total = 0;
  for (;;) {
    const gone = await deleteExpiredUsers(database, days, batch);
    total += gone;
    if (gone < batch) return total;
  }
}

/** Purges now and every few minutes; a round that fails is made up for by the next. */
export function startDeletedUserMaintenance(options: {
  readonly database: Database;
  readonly logger: { error(details: { err: unknown }, message: string): void };
}): { stop(): Promise<void> } {
  let purging = Promise.resolve();
  const purge = () => {
    purging = purgeExpiredUsers(options.database).then(
      () => undefined,
      (error: unknown) => options.logger.error({ err: error }, 'deleted users could not be purged'),
    );
  };
  purge();
  const timer = setInterval(purge, interval);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      return purging;
    },
  };
}
