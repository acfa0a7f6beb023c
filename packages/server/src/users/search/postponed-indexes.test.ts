import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { type BulkConnection, openBulkConnection } from '../../platform/database/bulk-connection.ts';
import { buildPostponedIndexes, postponeIndexes } from './index.ts';

let server: TestServer;
let sessions: BulkConnection[];
beforeAll(async () => {
  server = await startTestServer();
  const connect = () => openBulkConnection(server.testDatabase.connection, { statementTimeout: 60_000 });
  sessions = await Promise.all([connect(), connect(), connect()]);
});
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  await server.close();
});

async function readDefinitions(query: RawBuilder<{ definition: string }>): Promise<string[]> {
  return (await query.execute(server.database)).rows.map(({ definition }) => definition).sort();
}

const listIndexes = () =>
  readDefinitions(sql`
    SELECT pg_get_indexdef(indexrelid) AS definition FROM pg_index
    WHERE indrelid IN ('users'::regclass, 'user_search'::regclass, 'user_search_values'::regclass) AND indisvalid`);
const listTableSettings = () =>
  readDefinitions(sql`
    SELECT unnest(reloptions) AS definition FROM pg_class
    WHERE relname IN ('users', 'identities', 'user_search', 'user_search_values')`);
const listPostponed = () => readDefinitions(sql`SELECT definition FROM user_search_postponed_indexes`);

describe('Imports that begin at the same moment', () => {
  it('postpone every index once, and build every one of them again', { timeout: 120_000 }, async () => {
    const before = await listIndexes();
    const settings = await listTableSettings();
    for (let round = 0; round < 6; round++) {
      const outcomes = await Promise.all(sessions.map(({ database }) => postponeIndexes(database)));
      expect(outcomes).toEqual([true, true, true]);
      const postponed = await listPostponed();
      expect(postponed.length).toBeGreaterThan(0);
      expect(await listTableSettings()).toContain('autovacuum_enabled=false');
      expect([...(await listIndexes()), ...postponed].sort()).toEqual(before);
      await Promise.all(sessions.map(({ database }) => buildPostponedIndexes(database)));
      expect(await listPostponed()).toEqual([]);
      expect(await listTableSettings()).toEqual(settings);
    }
    expect(await listIndexes()).toEqual(before);
  });
});
