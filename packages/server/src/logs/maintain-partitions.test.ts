import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { appendLogEvent, ensureLogPartitions, startLogMaintenance } from './index.ts';
import { dropExpiredLogs } from './maintain-partitions.ts';

let testDatabase: TestDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase(inject('postgres'));
});
afterAll(() => testDatabase?.drop());

async function listPartitions(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'logs'::regclass ORDER BY 1`.execute(
    testDatabase.database,
  );
  return rows.map((row) => row.name);
}

const monthFromNow = (months: number) => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1))
    .toISOString()
    .slice(0, 7)
    .replace('-', '');
};

async function insertEventOf(month: string): Promise<void> {
  const id = `900${month}15120000000${'0'.repeat(36)}`;
  await sql`INSERT INTO logs (log_id, type, description) VALUES (${id}, 'sapi', ${month})`.execute(
    testDatabase.database,
  );
}

async function tableOf(month: string): Promise<string | undefined> {
  const { rows } = await sql<{
    name: string;
  }>`SELECT tableoid::regclass::text AS name FROM logs WHERE description = ${month}`.execute(
    testDatabase.database,
  );
  return rows[0]?.name;
}

const inTransaction = <Result>(work: (transaction: TestDatabase['database']) => Promise<Result>) =>
  testDatabase.database.transaction().execute(work);

describe('the partitions of the log', () => {
  test('are there for this month and the next two, and new events go to them', async () => {
    expect(await listPartitions()).toEqual(
      [0, 1, 2].map((step) => `logs_${monthFromNow(step)}`).concat('logs_default'),
    );
    await appendLogEvent(testDatabase.database, { type: 'sapi', description: 'now' });
    expect(await tableOf('now')).toBe(`logs_${monthFromNow(0)}`);
  });

  test('stay as they are when they are ensured again, also by many at once', async () => {
    const before = await listPartitions();
    await Promise.all([1, 2, 3, 4].map(() => inTransaction(ensureLogPartitions)));
    expect(await listPartitions()).toEqual(before);
  });

  test('take over what fell into the default one', async () => {
    const month = monthFromNow(-3);
    await insertEventOf(month);
    expect(await tableOf(month)).toBe('logs_default');
    await inTransaction(ensureLogPartitions);
    expect(await tableOf(month)).toBe(`logs_${month}`);
  });

  test('are dropped once wholly older than the retention, and only then', async () => {
    for (const step of [-5, -1]) await insertEventOf(monthFromNow(step));
    await inTransaction(ensureLogPartitions);
    expect(await inTransaction((transaction) => dropExpiredLogs(transaction, 0))).toEqual([]);
    const dropped = await inTransaction((transaction) => dropExpiredLogs(transaction, 32));
    expect(dropped).toEqual([monthFromNow(-5), monthFromNow(-3)]);
    expect(await tableOf(monthFromNow(-5))).toBeUndefined();
    expect(await tableOf(monthFromNow(-1))).toBe(`logs_${monthFromNow(-1)}`);
  });

  test('are maintained by whichever process comes first', async () => {
    const month = monthFromNow(-7);
    await insertEventOf(month);
    await inTransaction(ensureLogPartitions);
    const options = { database: testDatabase.database, retentionDays: 90, logger: pino({ level: 'silent' }) };
    const running = [
      startLogMaintenance(options),
      startLogMaintenance(options),
      startLogMaintenance(options),
    ];
    await expect.poll(() => tableOf(month)).toBeUndefined();
    for (const maintenance of running) maintenance.stop();
    expect(await listPartitions()).not.toContain(`logs_${month}`);
  });

  test('are left alone, and writers with them, while somebody holds the table', async () => {
    const month = monthFromNow(-8);
    await insertEventOf(month);
    await inTransaction(ensureLogPartitions);
    const reader = await testDatabase.database.startTransaction().execute();
    await sql`SELECT count(*) FROM logs`.execute(reader);
    const complaints: unknown[] = [];
    const logger = pino({ level: 'error' }, { write: (line: string) => complaints.push(line) });
    const maintenance = startLogMaintenance({ database: testDatabase.database, retentionDays: 90, logger });
    await expect.poll(() => complaints.length, { timeout: 10_000 }).toBe(1);
    maintenance.stop();
    await reader.rollback().execute();
    expect(await tableOf(month)).toBe(`logs_${month}`);
  });
});
