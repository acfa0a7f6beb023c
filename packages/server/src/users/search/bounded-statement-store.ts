import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

/** What ends a statement before its connection's own time limit does. */
export interface StatementBounds {
  /** Milliseconds. */
  readonly limit?: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
  /** Pool of other connections, by one of which the statement is then cancelled. */
  readonly canceller: Database;
}

/** Works on one connection within bounds, or on any where there are none. */
export function workWithin<Value>(
  database: Database,
  { limit, signal, canceller }: StatementBounds,
  work: (session: Database) => Promise<Value>,
): Promise<Value> {
  if (limit === undefined && signal === undefined) return work(database);
  return database.connection().execute((session) => {
    const bounded = () => (signal ? workUntil(session, signal, canceller, work) : work(session));
    return limit === undefined ? bounded() : workFor(session, limit, bounded);
  });
}

async function workFor<Value>(session: Database, limit: number, work: () => Promise<Value>): Promise<Value> {
  await sql`SELECT set_config('statement_timeout', ${String(Math.max(1, Math.floor(limit)))}, false)`.execute(
    session,
  );
  try {
    return await work();
  } finally {
    await sql`RESET statement_timeout`.execute(session);
  }
}

async function workUntil<Value>(
  session: Database,
  signal: AbortSignal,
  canceller: Database,
  work: (session: Database) => Promise<Value>,
): Promise<Value> {
  const { rows } = await sql<{ process: number }>`SELECT pg_backend_pid() AS process`.execute(session);
  signal.throwIfAborted();
  let cancelling: Promise<unknown> | undefined;
  const cancel = () => {
    // If that fails, the time limit ends the statement.
    cancelling = sql`SELECT pg_cancel_backend(${rows[0]?.process})`.execute(canceller).catch(() => undefined);
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await work(session);
  } finally {
    signal.removeEventListener('abort', cancel);
    // The connection's next statement is another search's.
    await cancelling;
  }
}
