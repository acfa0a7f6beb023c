import { parseQuery, resolveQuery } from '@muster/query';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareForSort } from '../../../test/search/compare-for-sort.ts';
import { fillDirectory } from '../../../test/search/directory.ts';
import { edgeUsers } from '../../../test/search/edge-fixture.ts';
import { edgeMatches, edgeRefusals } from '../../../test/search/edge-queries.ts';
import { matches, type WireUser } from '../../../test/search/evaluate.ts';
import { specUsers } from '../../../test/search/fixture.ts';
import {
  type MatchRow,
  type RefusalRow,
  specMatches,
  specRefusals,
} from '../../../test/search/spec-queries.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { userSearchSchema } from './schema.ts';

describe("The spec's users and queries", () => {
  let server: TestServer;
  let users: ReadonlyMap<string, WireUser>;
  beforeAll(async () => {
    server = await startTestServer();
    users = await fillDirectory(server, specUsers);
  });
  afterAll(() => server.close());

  it('are counted and paged as the table says', async () => {
    const page = await server.request('GET', '/users', {
      query: { q: '*', per_page: 3, page: 1, include_totals: true },
    });
    expect(page.body).toMatchObject({ start: 3, limit: 3, length: 3, total: 10 });
    const counts = await server.request('GET', '/users', { query: { q: '*', sort: 'logins_count:-1' } });
    const ids = counts.body.map((user: WireUser) => user['logins_count']);
    expect(ids).toEqual([200, 150, 101, 100, 99, 10, 9, 1, undefined, undefined]);
    // The reference ends at 1,000 users and refuses to sort by metadata.
    const beyond = await server.request('GET', '/users', { query: { q: '*', page: 10, per_page: 100 } });
    expect(beyond.body).toEqual([]);
    const ages = await server.request('GET', '/users', { query: { q: '*', sort: 'user_metadata.age:1' } });
    expect(ages.body.slice(0, 2).map((user: WireUser) => user['name'])).toEqual([
      'Johnny Appleseed',
      'John Doe',
    ]);
  });

  it.each([
    { sort: 'name' },
    { sort: 'plan:1' },
    { sort: 'picture:1' },
    { sort: 'user_metadata:1' },
    { sort: 'user_metadata..a:1' },
    { sort: 'name:2' },
    { per_page: 101 },
    { page: -1 },
  ])('are not listed with %o', async (query) => {
    const answer = await server.request('GET', '/users', { query: { q: '*', ...query } });
    expect(answer.status, answer.text).toBe(400);
  });

  it('are found among thousands of ids', async () => {
    const wanted = ['U1', 'U3', 'U10'].map((name) => users.get(name)?.['user_id']);
    const others = Array.from({ length: 6_000 }, (_, index) => `auth0|nobody${index}`);
    const q = `user_id:(${[...others, ...wanted].map((id) => `"${id}"`).join(' ')})`;
    const answer = await server.request('POST', '/users/search', { body: { q, include_totals: true } });
    expect(answer.status, answer.text.slice(0, 500)).toBe(200);
    expect(answer.body.users.map((user: WireUser) => user['user_id']).sort()).toEqual(wanted.sort());
    expect(answer.body.total).toBe(3);
    const not = { q: `NOT ${q}`, include_totals: true, per_page: 0 };
    expect((await server.request('POST', '/users/search', { body: not })).body.total).toBe(7);
  });

  it.each(specMatches)('%s finds %s', (...row) => expectMatches(server, users, row));
  it.each(specRefusals)('%s is refused: %s', (...row) => expectRefusal(server, row));
});

describe('Unusual users and the rules of the language', () => {
  let server: TestServer;
  let users: ReadonlyMap<string, WireUser>;
  beforeAll(async () => {
    server = await startTestServer();
    users = await fillDirectory(server, edgeUsers);
  });
  afterAll(() => server.close());

  it.each([
    'user_metadata.long:1',
    'user_metadata.long:-1',
    'user_metadata.text:-1',
    'user_metadata.number:1',
    'logins_count:-1',
    'last_login:1',
    'name:-1',
  ])('are all reached by checkpoint, one by one and in order, sorted by %s', async (sort) => {
    const [field = '', direction] = sort.split(':');
    const seen: WireUser[] = [];
    for (let from: string | undefined; ; ) {
      const query = { q: '*', sort, take: 1, ...(from ? { from } : {}) };
      const answer = await server.request('GET', '/users', { query });
      expect(answer.status, answer.text).toBe(200);
      seen.push(...answer.body.users);
      from = answer.body.next;
      if (!from) break;
    }
    expect(new Set(seen.map((user) => user['user_id'])).size).toBe(users.size);
    expect(seen).toHaveLength(users.size);
    const compare = compareForSort(field, direction === '-1' ? -1 : 1);
    for (const [index, user] of seen.slice(1).entries()) {
      const before = seen[index];
      expect(before && compare(before, user), `${index}`).toBeLessThanOrEqual(0);
    }
  });

  it.each(edgeMatches)('%s finds %s', (...row) => expectMatches(server, users, row));
  it.each(edgeRefusals)('%s is refused: %s', (...row) => expectRefusal(server, row));
});

/** Holds the evaluator and the server against the table. */
async function expectMatches(
  server: TestServer,
  users: ReadonlyMap<string, WireUser>,
  [q, expected]: MatchRow,
): Promise<void> {
  const names = expected === 'all' ? [...users.keys()] : expected === 'none' ? [] : expected.split(' ');
  const tree = parseQuery(q);
  const resolved = tree.isValid ? resolveQuery(tree.value, userSearchSchema) : tree;
  if (!resolved.isValid) throw new Error(`${q} was refused: ${resolved.problem.message}`);
  const found = [...users].filter(([, user]) => matches(resolved.value, user)).map(([name]) => name);
  expect(found.sort(), 'by the evaluator').toEqual([...names].sort());

  const answer = await server.request('GET', '/users', { query: { q, include_totals: true, per_page: 100 } });
  expect(answer.status, answer.text).toBe(200);
  const nameOf = new Map([...users].map(([name, user]) => [user['user_id'], name]));
  const listed = answer.body.users.map((user: WireUser) => nameOf.get(user['user_id']));
  expect(listed.sort(), 'by the server').toEqual([...names].sort());
  expect(answer.body).toMatchObject({ start: 0, limit: 100, length: names.length, total: names.length });
}

async function expectRefusal(server: TestServer, [q, code]: RefusalRow): Promise<void> {
  const tree = parseQuery(q);
  const resolved = tree.isValid ? resolveQuery(tree.value, userSearchSchema) : tree;
  expect(resolved.isValid ? undefined : resolved.problem.code).toBe(code);
  const answer = await server.request('GET', '/users', { query: { q } });
  expect(answer.status, answer.text).toBe(400);
  expect(answer.body.errorCode).toBe('invalid_query_string');
  if (resolved.isValid) return;
  const { start, end } = resolved.problem.span;
  expect(answer.body).toMatchObject({ position: start, length: end - start });
}
