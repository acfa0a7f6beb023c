import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';

/** Whoever changes the partitions of `logs` holds this until its transaction ends. */
const partitionLock = 4_707_203_002;

export async function lockPartitions(transaction: Database): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${partitionLock})`.execute(transaction);
}

/** `false` when another process is at it. */
export async function tryLockPartitions(transaction: Database): Promise<boolean> {
  const { rows } = await sql<{
    locked: boolean;
  }>`SELECT pg_try_advisory_xact_lock(${partitionLock}) AS locked`.execute(transaction);
  return rows[0]?.locked ?? false;
}

/** Gives up on table locks that readers or writers hold, as those queue behind whoever waits. */
export async function limitLockWait(transaction: Database): Promise<void> {
  await sql`SET LOCAL lock_timeout = '2s'`.execute(transaction);
}

/** The months (`YYYYMM`, UTC) that have a partition, oldest first. */
export async function listPartitionMonths(database: Database): Promise<string[]> {
  const { rows } = await sql<{ month: string }>`
    SELECT right(child.relname, 6) AS month FROM pg_inherits JOIN pg_class AS child ON child.oid = pg_inherits.inhrelid
    WHERE pg_inherits.inhparent = 'logs'::regclass AND child.relname ~ '^logs_[0-9]{6}$' ORDER BY 1`.execute(
    database,
  );
  return rows.map((row) => row.month);
}

/** The months that need a partition: this one, the next two, and any whose events fell into the default one. */
export async function listNeededMonths(database: Database): Promise<string[]> {
  const { rows } = await sql<{ month: string }>`
    SELECT to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + step * interval '1 month', 'YYYYMM') AS month
    FROM generate_series(0, 2) AS step
    UNION SELECT substr(log_id, 4, 6) FROM logs_default WHERE log_id ~ '^900[0-9]{4}(0[1-9]|1[0-2])'
    ORDER BY 1`.execute(database);
  return rows.map((row) => row.month);
}

/** The months (`YYYYMM`) whose last moment lies at least so many days back. */
export async function listExpiredMonths(database: Database, retentionDays: number): Promise<string[]> {
  const months = await listPartitionMonths(database);
  const { rows } = await sql<{ month: string }>`
    SELECT month FROM unnest(${months}::text[]) AS month
    WHERE to_date(month, 'YYYYMM') + interval '1 month' <= (now() AT TIME ZONE 'UTC') - ${retentionDays} * interval '1 day'
    ORDER BY 1`.execute(database);
  return rows.map((row) => row.month);
}

/**
 * Makes the partition of a month and moves what the default partition holds of it. The new table is filled
 * before it is attached, which, unlike `CREATE TABLE … PARTITION OF`, does not stop writers of other months.
 */
export async function createPartition(transaction: Database, month: string): Promise<void> {
  const table = sql.ref(partitionName(month));
  const [from, to] = [`900${month}`, `900${followingMonth(month)}`];
  await sql`LOCK TABLE logs_default IN ACCESS EXCLUSIVE MODE`.execute(transaction);
  await sql`CREATE TABLE ${table} (LIKE logs INCLUDING ALL)`.execute(transaction);
  await sql`WITH moved AS (DELETE FROM logs_default WHERE log_id >= ${from} AND log_id < ${to} RETURNING *)
    INSERT INTO ${table} SELECT * FROM moved`.execute(transaction);
  await sql`ALTER TABLE logs ATTACH PARTITION ${table} FOR VALUES FROM (${sql.lit(from)}) TO (${sql.lit(to)})`.execute(
    transaction,
  );
}

/** Dropping is instant and gives the space back at once, which deleting rows would not. */
export async function dropPartition(transaction: Database, month: string): Promise<void> {
  await sql`DROP TABLE ${sql.ref(partitionName(month))}`.execute(transaction);
}

function partitionName(month: string): string {
  return `logs_${month}`;
}

function followingMonth(month: string): string {
  const year = Number(month.slice(0, 4));
  const number = Number(month.slice(4));
  return number === 12 ? `${year + 1}01` : `${year}${String(number + 1).padStart(2, '0')}`;
}
