import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { openDatabase } from '../../platform/database/database.ts';
import { createUserSearch, searchSettings } from './index.ts';
import { defaultSort } from './sort-order.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

it('a search that takes longer than its limit ends with a refusal that says what to do', async () => {
  const hasty = openDatabase({
    connection: server.testDatabase.connection,
    poolSize: 1,
    statementTimeout: 100,
    settings: searchSettings,
    keepsStatements: false,
  });
  const search = createUserSearch(hasty.database);
  const request = {
    node: { kind: 'all' },
    sort: defaultSort,
    offset: 0,
    limit: 1,
    wantsTotal: true,
  } as const;
  expect(await search.find(request)).toMatchObject({ total: 1 });
  await server.database.transaction().execute(async (transaction) => {
    await sql`LOCK TABLE user_search IN ACCESS EXCLUSIVE MODE`.execute(transaction);
    const refusal = await search.find(request).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      statusCode: 503,
      message: expect.stringMatching(/^The query exceeded the timeout\. Please try refining/),
    });
  });
  expect(await search.find(request)).toMatchObject({ total: 1 });
  await hasty.close();
});
