import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { addDemoUsers } from '../../demo/index.ts';

const userCount = 2_000;
/** Milliseconds for the largest query of a kind, refused or answered: the limit of a search. */
const longest = 5_000;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await addDemoUsers(server.database, { count: userCount, seed: 9 });
  await server.request('GET', '/users', { query: { q: 'nobody' } });
}, 60_000);
afterAll(() => server.close());

function repeat(count: number, glue: string, make: (index: number) => string | number): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(glue);
}

async function search(q: string, more: Record<string, unknown> = {}) {
  const startedAt = performance.now();
  const answer = await server.request('POST', '/users/search', {
    body: { q, per_page: 3, include_totals: true, ...more },
  });
  expect(performance.now() - startedAt, answer.text.slice(0, 300)).toBeLessThan(longest);
  return answer;
}

describe('As many values as a query may have', () => {
  it.each([
    ['ids', `user_id:(${repeat(20_000, ' ', (index) => `"auth0|${index}"`)})`],
    ['values at a path', `user_metadata.a:(${repeat(20_000, ' ', (index) => `v${index}`)})`],
    ['numbers at a path', `user_metadata.age:(${repeat(20_000, ' ', (index) => `${index}.0`)})`],
    ['numbers of a field', `logins_count:(${repeat(20_000, ' OR ', String)})`],
    ['words without a field', repeat(20_000, ' OR ', (index) => `word${index}`)],
    ['ids of identities', `identities.user_id:(${repeat(20_000, ' ', String)})`],
    [
      'ids of identities of a connection',
      `connection:google-oauth2 AND identities.user_id:(${repeat(19_999, ' ', String)})`,
    ],
    ['connections', `connection:(${repeat(20_000, ' ', (index) => `c${index}`)})`],
    ['organizations', `organization_id:(${repeat(20_000, ' ', (index) => `org_${index}`)})`],
    ['domains', `email.domain:(${repeat(20_000, ' ', (index) => `d${index}.example`)})`],
    ['excluded values', repeat(20_000, ' AND ', (index) => `NOT user_metadata.a:v${index}`)],
    ['excluded ids', repeat(20_000, ' ', (index) => `-user_id:"auth0|${index}"`)],
  ])('%s are looked up, with their total, sorted by anything', async (_, q) => {
    for (const more of [{}, { sort: 'user_metadata.age:1' }, { include_totals: false, sort: 'email:-1' }]) {
      const answer = await search(q, more);
      expect(answer.status, answer.text.slice(0, 300)).toBe(200);
    }
  });

  it('find the same users one by one and as a list', async () => {
    const { body: some } = await search('*', { per_page: 40 });
    const ages = some.users.flatMap(
      (user: { user_metadata: { age?: number } }) => user.user_metadata.age ?? [],
    );
    const values = [...new Set(ages)].slice(0, 20);
    const short = await search(`user_metadata.age:(${values.join(' ')})`);
    const long = await search(
      `user_metadata.age:(${values.join(' ')} ${repeat(500, ' ', (index) => `none${index}`)})`,
    );
    expect(long.body).toEqual(short.body);
    expect(long.body.total).toBeGreaterThan(0);
    const others = await search(
      `NOT user_metadata.age:(${values.join(' ')} ${repeat(500, ' ', (index) => `none${index}`)})`,
    );
    expect(others.body.total + long.body.total).toBe(some.total);
  });
});

describe('A query of more conditions beside each other than there may be', () => {
  it.each([
    ['ids of identities', 20_000, ' AND ', (index: number) => `identities.user_id:a${index}`],
    ['numbers', 20_000, ' AND ', (index: number) => `user_metadata.a${index}:1.0`],
    ['words', 20_000, ' AND ', (index: number) => `word${index}`],
    ['paths', 20_000, ' OR ', (index: number) => `user_metadata.a${index}:x`],
    ['existing paths', 20_000, ' OR ', (index: number) => `_exists_:user_metadata.a${index}`],
    [
      'pairs on one identity',
      5_000,
      ' OR ',
      (index: number) => `(connection:c${index} AND identities.user_id:${index})`,
    ],
    ['excluded paths', 20_000, ' AND ', (index: number) => `NOT user_metadata.a${index}:x`],
  ])('is refused at the first one too many, with the limit: %s', async (_, count, glue, make) => {
    const q = repeat(count, glue, make);
    const answer = await search(q);
    expect(answer.status, answer.text.slice(0, 300)).toBe(400);
    expect(answer.body).toMatchObject({
      errorCode: 'invalid_query_string',
      message: expect.stringMatching(/^A query has at most 200 conditions beside each other/),
    });
    const { position, length } = answer.body;
    expect(q.slice(position, position + length)).toMatch(/^[\w.]+(:[\w.]+)?$/);
  });

  it('is refused at the first pattern, range or date too many', async () => {
    for (const make of [
      (index: number) => `user_metadata.a:v${index}*`,
      (index: number) => `user_metadata.a:[${index} TO ${index}]`,
      (index: number) => `created_at:${2000 + index}`,
    ]) {
      const q = repeat(101, ' OR ', make);
      const answer = await search(q);
      expect(answer.status).toBe(400);
      expect(answer.body.message).toMatch(
        /^A query has at most 100 conditions with a wildcard, a range or a date/,
      );
      expect(answer.body.position).toBe(q.lastIndexOf(' OR ') + 4);
      expect((await search(repeat(100, ' OR ', make))).status).toBe(200);
    }
  });

  it.each([
    ['ids of identities', ' AND ', (index: number) => `identities.user_id:a${index}`],
    ['numbers', ' AND ', (index: number) => `user_metadata.a:${index}.0`],
    ['words', ' AND ', (index: number) => `word${index}`],
    ['words that nobody has', ' AND ', (index: number) => `NOT user_metadata.a${index}:x`],
    ['paths', ' OR ', (index: number) => `user_metadata.a${index}:x`],
    ['existing paths', ' OR ', (index: number) => `_exists_:user_metadata.a${index}`],
    [
      'lists',
      ' AND ',
      (index: number) => `app_metadata.a${index}:(${repeat(100, ' ', (value) => `v${value}`)})`,
    ],
    [
      'alternatives of two',
      ' AND ',
      (index: number) => (index < 100 ? `(user_metadata.a${index}:x OR app_metadata.b${index}:y)` : '*'),
    ],
    [
      'pairs on one identity',
      ' OR ',
      (index: number) => (index < 98 ? `(connection:c${index} AND identities.user_id:${index})` : 'word'),
    ],
  ])('is answered up to the limit: %s', async (_, glue, make) => {
    for (const more of [{}, { include_totals: false, sort: 'user_metadata.age:1' }]) {
      const answer = await search(repeat(200, glue, make), more);
      expect(answer.status, answer.text.slice(0, 300)).toBe(200);
    }
  });
});
