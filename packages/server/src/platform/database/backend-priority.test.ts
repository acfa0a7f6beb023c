import { getPriority, platform } from 'node:os';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { lowerBackendPriority, patience } from './backend-priority.ts';
import { openBulkConnection } from './bulk-connection.ts';
import { type OpenDatabase, openDatabase } from './database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase(inject('postgres'));
});
afterAll(() => test.drop());

interface Backend {
  readonly process: number;
  close(): Promise<void>;
}

const statementTimeout = 10_000;

function readBackend(givesWay: boolean): Promise<Backend> {
  const { connection } = test;
  return readProcess(openDatabase({ connection, poolSize: 1, statementTimeout, givesWay }));
}

async function readBulkBackend(givesWay: boolean): Promise<Backend> {
  return readProcess(await openBulkConnection(test.connection, { statementTimeout, givesWay }));
}

async function readProcess({ database, close }: OpenDatabase): Promise<Backend> {
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

  it('of bulk work give way too, from the first statement on', async () => {
    const usual = await readBulkBackend(false);
    const patient = await readBulkBackend(true);
    expect(getPriority(patient.process)).toBe(Math.min(getPriority(usual.process) + patience, 19));
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
