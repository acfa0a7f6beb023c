import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';

/** Milliseconds. */
const limit = 1_000;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ MUSTER_SEARCH_TIMEOUT: String(limit) });
});
afterAll(() => server.close());

/** Asks while nothing can be found: somebody holds the index. @returns the answers, and how long each took */
async function searchInVain(count: number, q: string) {
  return server.database.transaction().execute(async (transaction) => {
    await sql`LOCK TABLE user_search IN ACCESS EXCLUSIVE MODE`.execute(transaction);
    return Promise.all(
      Array.from({ length: count }, async () => {
        const startedAt = performance.now();
        const answer = await server.request('POST', '/users/search', { body: { q, include_totals: true } });
        return { ...answer, took: performance.now() - startedAt };
      }),
    );
  });
}

/** Looked up by more than the few values that count as a cheap search. */
const expensive = `user_id:(${Array.from({ length: 2_100 }, (_, index) => `a${index}`).join(' ')})`;

describe('A search that takes longer than its limit', () => {
  it('is answered with 503, search_timeout and what to do, and the next one is found', async () => {
    expect((await server.request('GET', '/users', { query: { q: '*' } })).status).toBe(200);
    const [answer] = await searchInVain(1, '*');
    expect(answer?.status).toBe(503);
    expect(answer?.body).toMatchObject({
      statusCode: 503,
      error: 'Service Unavailable',
      errorCode: 'search_timeout',
      message: expect.stringMatching(/^The query exceeded the timeout\. Please try refining/),
    });
    expect((await server.request('GET', '/users', { query: { q: '*' } })).status).toBe(200);
  });

  it.each([
    ['cheap', '*'],
    ['expensive', expensive],
  ])('is answered within its limit however many %s ones wait before it', async (_, q) => {
    const answers = await searchInVain(40, q);
    for (const { status, body, took } of answers) {
      expect([status, body.errorCode]).toEqual([503, 'search_timeout']);
      expect(body.message).toMatch(/^The query exceeded the timeout/);
      // What it takes beside: forty requests are read, and tokens checked, on one thread.
      expect(took).toBeLessThan(3 * limit);
    }
  });

  it('leaves connections to cheap ones while expensive ones wait', async () => {
    await server.database.transaction().execute(async (transaction) => {
      await sql`LOCK TABLE user_search_values IN ACCESS EXCLUSIVE MODE`.execute(transaction);
      const values = Array.from({ length: 2_100 }, (_, index) => `v${index}`).join(' ');
      const heavy = Array.from({ length: 20 }, () =>
        server.request('POST', '/users/search', { body: { q: `user_metadata.a:(${values})` } }),
      );
      const light = await server.request('GET', '/users', { query: { q: 'email:nobody' } });
      expect(light.status, light.text).toBe(200);
      for (const answer of await Promise.all(heavy)) expect(answer.status).toBe(503);
    });
  });
});
