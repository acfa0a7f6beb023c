import type { Database } from '../../platform/database/database.ts';
import { deleteExpiredFailures } from './failures-store.ts';

const batch = 1_000;
/** Milliseconds. */
const interval = 600_000;

/** Deletes counters and blocks 30 days after their last wrong password, batch by batch. @returns how many went */
export async function purgeExpiredFailures(database: Database): Promise<number> {
  let total = 0;
  for (;;) {
    const gone = await deleteExpiredFailures(database, batch);
    total += gone;
    if (gone < batch) return total;
  }
}

/** Purges now and every few minutes; a round that fails is made up for by the next. */
export function startProtectionMaintenance(options: {
  readonly database: Database;
  readonly logger: { error(details: { err: unknown }, message: string): void };
}): { stop(): Promise<void> } {
  let purging = Promise.resolve();
  const purge = () => {
    purging = purgeExpiredFailures(options.database).then(
      () => undefined,
      (error: unknown) =>
        options.logger.error({ err: error }, 'old counters of wrong passwords could not be purged'),
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
