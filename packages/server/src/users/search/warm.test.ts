import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { addDemoUsers } from '../../demo/index.ts';
import { openDatabase } from '../../platform/database/database.ts';
import { warmSearchTables } from './index.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await addDemoUsers(server.database, { count: 500, seed: 1 });
});
afterAll(() => server.close());

/** A PostgreSQL of the machine may come without what looks at its memory, and with another of its ways to empty it. */
const isEmbedded = !('connectionString' in inject('postgres'));

describe('The tables of searches', () => {
  it.runIf(isEmbedded)('are in memory, with their indexes, once they are warmed', async () => {
    const { database } = server;
    await sql`CREATE EXTENSION pg_buffercache`.execute(database);
    const names = [
      'users',
      'identities',
      'user_search_values',
      'user_search_values_key',
      'user_search_terms',
    ];
    const countMissing = async () => {
      const { rows } = await sql<{ name: string; missing: number }>`
        SELECT name, (pg_relation_size(name::regclass) / 8192 - (
          SELECT count(*) FROM pg_buffercache WHERE relforknumber = 0 AND relfilenode = pg_relation_filenode(name::regclass)
            AND reldatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
        ))::integer AS missing FROM unnest(${names}::text[]) AS name`.execute(database);
      return Object.fromEntries(rows.map(({ name, missing }) => [name, missing]));
    };
    await sql`SELECT pg_buffercache_evict_relation(name::regclass) FROM unnest(${names}::text[]) AS name`.execute(
      database,
    );
    expect((await countMissing())['user_search_values_key']).toBeGreaterThan(0);
    await warmSearchTables(database);
    expect(await countMissing()).toEqual(Object.fromEntries(names.map((name) => [name, 0])));
  });

  it('are left as they are where the user of PostgreSQL may not load what warms them', async () => {
    const opened = openDatabase({
      connection: server.testDatabase.connection,
      poolSize: 1,
      statementTimeout: 10_000,
      settings: { role: 'pg_monitor' },
    });
    try {
      await expect(warmSearchTables(opened.database)).resolves.toBeUndefined();
    } finally {
      await opened.close();
    }
  });
});
