import { getPriority, platform } from 'node:os';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { lowerBackendPriority, patience } from './backend-priority.ts';
import { openDatabase } from './database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase(inject('postgres'));
});
afterAll(() => test.drop());

async function readBackend(givesWay: boolean): Promise<{ readonly process: number; close(): Promise<void> }> {
  const { database, close } = openDatabase({
    connection: test.connection,
    poolSize: 1,
    statementTimeout: 10_000,
    givesWay,
  });
  const { rows } = await sql<{ process: number }>`SELECT pg_backend_pid() AS process`.execute(database);
  const [row] = rows;
  if (!row) throw new Error('no row');
  return { process: row.process, close };
}

describe.runIf(platform() === 'linux')('priorities of connections to a server on this machine', () => {
  it('work behind all others where they give way', async () => {
    const usual = await readBackend(false);
    const patient = await readBackend(true);
    await vi.waitFor(() =>
      expect(getPriority(patient.process)).toBe(Math.min(getPriority(usual.process) + patience, 19)),
    );
    await usual.close();
    await patient.close();
  });

  it('leave a process alone that is none of PostgreSQL, and one that is gone', async () => {
    const before = getPriority(process.pid);
    await lowerBackendPriority(process.pid);
    expect(getPriority(process.pid)).toBe(before);
    await expect(lowerBackendPriority(2 ** 22 + 1)).resolves.toBeUndefined();
  });
});
