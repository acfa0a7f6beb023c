import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

/** Milliseconds to wait for the tables; a long transaction must not queue everybody behind this one. */
const lockTimeout = 5_000;

/** The lock of those who drop these indexes or build them: PostgreSQL cannot describe one that is being dropped. */
const indexesLock = sql`hashtextextended('user_search_postponed_indexes', 0)`;

/**
 * What `vacuumSearchTables` vacuums and `analyzeSearchTables` analyzes when all is there. Autovacuum would take a fifth of two cores to
 * do it again and again meanwhile; what imports look their rows up in has to be analyzed as it grows.
 */
const tables = [
  { name: 'users', untended: 'autovacuum_vacuum_insert_threshold = -1' },
  { name: 'identities', untended: 'autovacuum_vacuum_insert_threshold = -1' },
  { name: 'user_search', untended: 'autovacuum_enabled = false' },
  { name: 'user_search_values', untended: 'autovacuum_enabled = false' },
] as const;

/**
 * Drops the indexes of users and of the search tables that no constraint and no update needs, and keeps their
 * definitions. Does nothing, and says so, when the tables are not free or their indexes are being built.
 */
export async function postponeIndexes(database: Database): Promise<boolean> {
  try {
    await database.transaction().execute(async (transaction) => {
      await limitLockWait(transaction);
      await sql`SELECT pg_advisory_xact_lock(${indexesLock})`.execute(transaction);
      const { rows } = await sql<{ name: string }>`
        INSERT INTO user_search_postponed_indexes (name, definition)
        SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid IN ('users'::regclass, 'user_search'::regclass, 'user_search_values'::regclass)
          AND NOT indisunique AND relname <> 'user_search_values_id'
        ON CONFLICT (name) DO NOTHING RETURNING name`.execute(transaction);
      for (const { name } of rows) await sql`DROP INDEX ${sql.ref(name)}`.execute(transaction);
      for (const { name, untended } of tables)
        await sql`ALTER TABLE ${sql.table(name)} SET (${sql.raw(untended)})`.execute(transaction);
    });
    return true;
  } catch (error) {
    if (isLockTimeout(error)) return false;
    throw error;
  }
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03'; // lock_not_available
}

export async function hasPostponedIndexes(database: Database): Promise<boolean> {
  const { rows } = await sql`SELECT FROM user_search_postponed_indexes LIMIT 1`.execute(database);
  return rows.length > 0;
}

/** Milliseconds between two looks whether another session has built them. */
const buildPollInterval = 500;

/** Users up to which the longest build takes some ten seconds on two cores. */
const builtAtOnce = 2_000_000;

/**
 * Builds the postponed indexes; after an interruption the next call goes on. Reads go on meanwhile. Writes do
 * too in a directory that has become large; in any other they wait for the indexes that are being built, which halves
 * the time until all are there.
 * @param session one connection, outside of a transaction
 * @param further other connections, each of which builds one index at a time beside it
 */
export async function buildPostponedIndexes(
  session: Database,
  further: readonly Database[] = [],
): Promise<void> {
  while (await hasPostponedIndexes(session)) {
    // Asked for again and again: a session that waits for a lock would hold up the builds of the one that has it.
    if (await tryBuildLock(session)) {
      try {
        await buildAll(session, further);
      } finally {
        await sql`SELECT pg_advisory_unlock(${indexesLock})`.execute(session);
      }
    } else await wait(buildPollInterval);
  }
}

async function tryBuildLock(session: Database): Promise<boolean> {
  const { rows } = await sql<{ is_locked: boolean }>`
    SELECT pg_try_advisory_lock(${indexesLock}) AS is_locked`.execute(session);
  return rows[0]?.is_locked === true;
}

async function buildAll(session: Database, further: readonly Database[]): Promise<void> {
  // Before the first is built: whoever goes on after an interruption comes here as long as one is missing.
  for (const { name } of tables)
    await sql`ALTER TABLE ${sql.table(name)} RESET (autovacuum_enabled, autovacuum_vacuum_insert_threshold)`.execute(
      session,
    );
  // Inverted lists take longest, one core each; the largest B-tree comes late, and is built by several processes itself.
  const { rows } = await sql<PostponedIndex>`
    SELECT name, definition FROM user_search_postponed_indexes ORDER BY definition NOT LIKE '% USING gin %', name`.execute(
    session,
  );
  const isAtOnce = !(await hasMoreEntriesThan(session, builtAtOnce));
  const waiting = [...rows];
  const build = async (builder: Database) => {
    await sql`SET maintenance_work_mem = '256MB'`.execute(builder);
    for (let index = waiting.shift(); index; index = waiting.shift())
      await buildIndex(builder, index, isAtOnce);
    await sql`RESET maintenance_work_mem`.execute(builder);
  };
  // Concurrent builds wait for each other's snapshots.
  await allDone([session, ...(isAtOnce ? further : [])].map(build));
}

/** @throws what the first of them threw, when all have ended */
async function allDone(works: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(works);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function buildIndex(session: Database, index: PostponedIndex, isAtOnce: boolean): Promise<void> {
  // What an interrupted build left is not valid and would be in the way.
  await sql`DROP INDEX CONCURRENTLY IF EXISTS ${sql.ref(index.name)}`.execute(session);
  if (isAtOnce && (await tryToBuild(session, index))) return;
  const concurrently = index.definition.replace(/^CREATE INDEX /, 'CREATE INDEX CONCURRENTLY ');
  await sql.raw(concurrently).execute(session); // PostgreSQL's own text
  await forget(session, index);
}

interface PostponedIndex {
  readonly name: string;
  readonly definition: string;
}

async function hasMoreEntriesThan(session: Database, count: number): Promise<boolean> {
  const { rows } = await sql`SELECT FROM user_search OFFSET ${count} LIMIT 1`.execute(session);
  return rows.length > 0;
}

/** @returns false where a long transaction has the table: nobody shall queue behind this one */
async function tryToBuild(session: Database, index: PostponedIndex): Promise<boolean> {
  try {
    await session.transaction().execute(async (transaction) => {
      await limitLockWait(transaction);
      await sql.raw(index.definition).execute(transaction); // PostgreSQL's own text
      await forget(transaction, index);
    });
    return true;
  } catch (error) {
    if (isLockTimeout(error)) return false;
    throw error;
  }
}

async function forget(session: Database, { name }: PostponedIndex): Promise<void> {
  await sql`DELETE FROM user_search_postponed_indexes WHERE name = ${name}`.execute(session);
}

async function limitLockWait(transaction: Database): Promise<void> {
  await sql`SELECT set_config('lock_timeout', ${String(lockTimeout)}, true)`.execute(transaction);
}

/**
 * Tells the planner what the search tables and users hold now.
 * @param beside another connection, which does half of it
 */
export async function analyzeSearchTables(session: Database, beside: Database): Promise<void> {
  await allDone(
    [
      sql`ANALYZE user_search_values`.execute(beside),
      sql`ANALYZE users, identities, user_search`.execute(session),
    ].map((work) => work.then(() => undefined)),
  );
}

/** Marks pages that everybody may see, so that counts need the index alone. */
export async function vacuumSearchTables(session: Database): Promise<void> {
  await sql`VACUUM ${sql.join(tables.map(({ name }) => sql.table(name)))}`.execute(session);
}
