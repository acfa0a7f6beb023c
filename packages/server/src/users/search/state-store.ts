import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

export interface SearchState {
  /** The form of the entries: every user has one of this form. 0 while some have none. */
  readonly version: number;
  /** A rebuild that has begun and not ended. */
  readonly rebuild?: {
    readonly version: number;
    /** The last `user_id` that is done; absent before the first. */
    readonly upTo?: string;
    readonly count: number;
  };
}

interface StateRow {
  version: number;
  rebuilding_version: number | null;
  rebuilt_up_to: string | null;
  rebuilt_count: number;
}

export async function readSearchState(database: Database): Promise<SearchState> {
  const { rows } = await sql<StateRow>`
    SELECT version, rebuilding_version, rebuilt_up_to, rebuilt_count FROM user_search_state`.execute(
    database,
  );
  const row = rows[0];
  if (!row) throw new Error('user_search_state has no row');
  if (row.rebuilding_version === null) return { version: row.version };
  return {
    version: row.version,
    rebuild: {
      version: row.rebuilding_version,
      ...(row.rebuilt_up_to === null ? {} : { upTo: row.rebuilt_up_to }),
      count: row.rebuilt_count,
    },
  };
}

export async function beginRebuild(database: Database, version: number): Promise<void> {
  await sql`UPDATE user_search_state
    SET rebuilding_version = ${version}, rebuilt_up_to = NULL, rebuilt_count = 0, started_at = now()`.execute(
    database,
  );
}

export async function advanceRebuild(transaction: Database, upTo: string, count: number): Promise<void> {
  await sql`UPDATE user_search_state SET rebuilt_up_to = ${upTo}, rebuilt_count = rebuilt_count + ${count}`.execute(
    transaction,
  );
}

export async function endRebuild(database: Database, version: number): Promise<void> {
  await sql`UPDATE user_search_state
    SET version = ${version}, rebuilding_version = NULL, rebuilt_up_to = NULL, started_at = NULL`.execute(
    database,
  );
}

/** Users in all as the planner knows it, for progress only. */
export async function estimateUserCount(database: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT greatest(reltuples, 0)::bigint AS count FROM pg_class WHERE oid = 'users'::regclass`.execute(
    database,
  );
  return rows[0]?.count ?? 0;
}

/** Runs one rebuild at a time over all processes; the lock ends with the transaction that holds it. */
export async function takeRebuildLock(transaction: Database): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    SELECT pg_try_advisory_xact_lock(4707203002) AS taken`.execute(transaction);
  return rows[0]?.taken ?? false;
}

/** Tells PostgreSQL what the index holds now, and merges what waits to be merged. */
export function vacuumSearchIndex(database: Database): Promise<void> {
  return withoutTimeLimit(database, async (session) => {
    await sql`VACUUM (ANALYZE) user_search, user_search_values`.execute(session);
  });
}

/** Lends a connection on which a statement may take as long as a large directory needs. */
export function withoutTimeLimit<Value>(
  database: Database,
  work: (session: Database) => Promise<Value>,
): Promise<Value> {
  return database.connection().execute(async (session) => {
    await sql`SET statement_timeout = 0`.execute(session);
    try {
      return await work(session);
    } finally {
      await sql`RESET statement_timeout`.execute(session);
    }
  });
}

/** Packs the B-trees that writes in no order have left a third empty, while reads and writes go on. */
export function packSearchIndex(database: Database): Promise<void> {
  return withoutTimeLimit(database, async (session) => {
    await sql`REINDEX TABLE CONCURRENTLY user_search`.execute(session);
    await sql`REINDEX TABLE CONCURRENTLY user_search_values`.execute(session);
  });
}
