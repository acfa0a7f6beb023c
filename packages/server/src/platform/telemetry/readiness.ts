import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import { pingDatabase } from './store.ts';

export type Readiness =
  | { readonly isReady: true }
  | { readonly isReady: false; readonly reason: 'database_timeout' | 'database_unavailable' };

/** Milliseconds; what probes of orchestrators wait at the least is usually one second more. */
const databasePatience = 2000;

/** Whether the database answers in time. The reason is a class only: the probe is open to whoever reaches it. */
export async function checkReadiness(database: Database): Promise<Readiness> {
  const patience = new AbortController();
  const timeout = delay(databasePatience, 'database_timeout' as const, { signal: patience.signal });
  const answer = pingDatabase(database).then(
    () => 'answered' as const,
    () => 'database_unavailable' as const,
  );
  // Ended early when the database answered, and that is no failure.
  timeout.catch(() => undefined);
  const outcome = await Promise.race([answer, timeout]);
  patience.abort();
  return outcome === 'answered' ? { isReady: true } : { isReady: false, reason: outcome };
}
