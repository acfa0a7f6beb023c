import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { addDemoUsers } from '../../demo/index.ts';
import { completeSearchIndex, createUserSearch, rebuildSearchIndex, searchPoolSize } from './index.ts';

const userCount = 3_000;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await addDemoUsers(server.database, { count: userCount, seed: 3 });
});
afterAll(() => server.close());

/** Everything in the index that does not depend on the order in which entries were made. */
async function readIndex(): Promise<unknown> {
  const { rows } = await sql`
    SELECT user_id, email, name, given_name, family_name, nickname, username, phone_number, last_ip, connection,
      logins_count, last_login, identities_count, created_at, updated_at,
      (SELECT array_agg(term ORDER BY term) FROM unnest(terms) AS term) AS terms,
      (SELECT array_agg(key ORDER BY key) FROM user_search_values AS v WHERE v.id = user_search.id) AS keys
    FROM user_search ORDER BY user_id`.execute(server.database);
  return rows;
}

async function countValues(): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM user_search_values`.execute(
    server.database,
  );
  return rows[0]?.count ?? 0;
}

describe('Rebuilding the search index', () => {
  it('gives the index that the writes had given, and leaves nothing of the old one', async () => {
    const before = await readIndex();
    const values = await countValues();
    expect(await rebuildSearchIndex(server.database)).toEqual({ count: userCount + 1, isComplete: true });
    expect(await readIndex()).toEqual(before);
    expect(await countValues()).toBe(values);
  });

  it('mends entries that are wrong, missing or left over', async () => {
    const before = await readIndex();
    await sql`UPDATE user_search SET terms = '{}', email = 'wrong' WHERE id % 3 = 0`.execute(server.database);
    await sql`DELETE FROM user_search WHERE id % 3 = 1`.execute(server.database);
    await sql`INSERT INTO user_search_values (id, key) SELECT id, 'AAAAAAA2left over' FROM user_search LIMIT 50`.execute(
      server.database,
    );
    await rebuildSearchIndex(server.database);
    expect(await readIndex()).toEqual(before);
  });

  it('goes on where it was interrupted', async () => {
    const stopping = new AbortController();
    const first = await rebuildSearchIndex(server.database, {
      onProgress: ({ done }) => done >= 1_000 && stopping.abort(),
      signal: stopping.signal,
    });
    expect(first).toEqual({ count: 1_000, isComplete: false });
    const progress: number[] = [];
    const second = await rebuildSearchIndex(server.database, {
      onProgress: ({ done }) => progress.push(done),
    });
    expect(second).toEqual({ count: userCount + 1 - 1_000, isComplete: true });
    expect(progress[0]).toBe(1_500);
    expect(progress.at(-1)).toBe(userCount + 1);
  });

  it('lets reads and writes go on, and keeps what they write', async () => {
    const { body: users } = await server.request('GET', '/users', { query: { per_page: 100 } });
    const rebuilding = rebuildSearchIndex(server.database);
    for (const [index, { user_id: id }] of users.entries()) {
      const written = await server.request('PATCH', `/users/${encodeURIComponent(id)}`, {
        body: { app_metadata: { during: `rebuild${index}` } },
      });
      expect(written.status).toBe(200);
      const found = await server.request('GET', '/users', {
        query: { q: `app_metadata.during:rebuild${index}` },
      });
      expect(found.body).toMatchObject([{ user_id: id }]);
    }
    await rebuilding;
    const { body } = await server.request('GET', '/users', {
      query: { q: 'app_metadata.during:rebuild*', include_totals: true },
    });
    expect(body.total).toBe(100);
  });

  it('is done once by two that begin together', async () => {
    const before = await readIndex();
    const [one, other] = await Promise.all([
      rebuildSearchIndex(server.database),
      rebuildSearchIndex(server.database),
    ]);
    expect(one.count + other.count).toBe(userCount + 1);
    expect(await readIndex()).toEqual(before);
  });
});

describe('After an upgrade that changed the form of the entries', () => {
  it('searches are refused until the index is made, never answered with less', async () => {
    await sql`UPDATE user_search_state SET version = 0`.execute(server.database);
    const search = createUserSearch(server.testDatabase.searchDatabase, {
      timeout: 5_000,
      poolSize: searchPoolSize,
    });
    const request = {
      node: { kind: 'all' },
      sort: { kind: 'column', name: 'email', column: 'email', isOptional: true, isDescending: false },
      offset: 0,
      limit: 10,
      wantsTotal: true,
    } as const;
    await expect(search.find(request)).rejects.toMatchObject({ statusCode: 503 });
    await completeSearchIndex(server.database);
    expect(await search.find(request)).toMatchObject({ total: userCount + 1 });
  });
});
