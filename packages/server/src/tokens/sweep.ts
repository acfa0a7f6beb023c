import type { Database } from '../platform/database/database.ts';
import { deleteExpiredPayloads } from './store.ts';

const batch = 5_000;
/** Milliseconds. */
const interval = 300_000;

/** Deletes expired sessions, codes and tokens, batch by batch. @returns how many went */
export async function sweepExpiredTokens(database: Database): Promise<number> {
  let total = 0;
  for (;;) {
    const gone = await deleteExpiredPayloads(database, batch);
    total += gone;
    if (gone < batch) return total;
  }
}

/** Sweeps now and every few minutes. A failed sweep is made up for by the next. */
export function startTokenMaintenance(options: {
  readonly database: Database;
  readonly logger: { error(details: { err: unknown }, message: string): void };
}): { stop(): Promise<void> } {
  let sweeping = Promise.resolve();
  const sweep = () => {
    sweeping = sweepExpiredTokens(options.database).then(
      () => undefined,
      (error: unknown) =>
        options.logger.error({ err: error }, 'expired sessions and tokens could not be swept'),
    );
  };
  sweep();
  const timer = setInterval(sweep, interval);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      return sweeping;
    },
  };
}
