import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.request('POST', '/connections', {
    body: { name: 'email', strategy: 'email', enabled_clients: ['testManagementClient000000000000'] },
  });
});
afterAll(() => server.close());

async function createUser(fields: Record<string, unknown>): Promise<string> {
  const answer = await server.request('POST', '/users', {
    body: { connection: 'email', verify_email: false, ...fields },
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.user_id;
}

async function search(q: string, query: Record<string, string | number | boolean> = {}) {
  return server.request('GET', '/users', { query: { q, ...query } });
}

async function idsOf(q: string, query: Record<string, string | number | boolean> = {}): Promise<string[]> {
  const answer = await search(q, query);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.map((user: { user_id: string }) => user.user_id);
}

describe('A search', () => {
  it('finds a user from the moment its creation is answered, and follows every change', async () => {
    const id = await createUser({
      email: 'Fresh.Person@Example.com',
      user_metadata: { city: 'Berlin', tags: ['a', 'b'] },
      app_metadata: { plan: 'pro', limits: { seats: 5 } },
    });
    expect(await idsOf('email:"fresh.person@example.com"')).toEqual([id]);
    expect(await idsOf('user_metadata.tags:b AND app_metadata.limits.seats:[4 TO 6]')).toEqual([id]);
    await server.request('PATCH', `/users/${encodeURIComponent(id)}`, {
      body: { user_metadata: { tags: ['c'] }, app_metadata: { plan: 'free', limits: null } },
    });
    expect(await idsOf('user_metadata.tags:b OR app_metadata.plan:pro')).toEqual([]);
    expect(await idsOf('app_metadata.limits.seats:[4 TO 6]')).toEqual([]);
    expect(await idsOf('user_metadata.tags:c AND app_metadata.plan:free')).toEqual([id]);
    await server.request('DELETE', `/users/${encodeURIComponent(id)}`);
    expect(await idsOf('user_metadata.tags:c AND app_metadata.plan:free')).toEqual([]);
  });

  it('says where a query is wrong and what to write instead', async () => {
    const answer = await search('nickname:x AND nmae:jane');
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      statusCode: 400,
      error: 'Bad Request',
      errorCode: 'invalid_query_string',
      message: 'There is no field nmae, did you mean name? (character 16: nmae) (q)',
      position: 15,
      length: 4,
      suggestion: 'name',
    });
  });

  it.each([
    ['an unclosed quote', 'name:"jane'],
    ['a value of the wrong type', 'logins_count:many'],
    ['a field that is not searchable', 'picture:x'],
    ['a pattern too short to search', 'name:*ab*'],
  ])('refuses %s', async (_, q) => {
    const answer = await search(q);
    expect(answer.status).toBe(400);
    expect(answer.body.errorCode).toBe('invalid_query_string');
  });

  it('takes search_engine v2 and v3, and refuses v1', async () => {
    expect((await search('*', { search_engine: 'v2' })).status).toBe(200);
    expect((await search('*', { search_engine: 'v3' })).status).toBe(200);
    const answer = await search('*', { search_engine: 'v1' });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toBe(
      "The 'q' parameter is available only if you specify 'search_engine=v2|v3'.",
    );
  });
});

describe('A list of matches', () => {
  const total = 25;
  const ids: string[] = [];
  beforeAll(async () => {
    for (let index = 0; index < total; index++) {
      ids.push(
        await createUser({
          email: `list${String(index).padStart(2, '0')}@list.example`,
          ...(index % 3 === 0 ? { nickname: `nick${index % 2}` } : {}),
          user_metadata: {
            group: 'list',
            ...(index % 5 === 0 ? {} : { rank: index % 7 }),
            scores: [index, 100 - index],
          },
        }),
      );
    }
  });
  const q = 'user_metadata.group:list';

  it('has exact totals and reaches every page', async () => {
    const seen: string[] = [];
    for (let page = 0; page * 10 < total; page++) {
      const { body } = await search(q, { per_page: 10, page, include_totals: true });
      expect(body).toMatchObject({ start: page * 10, limit: 10, total, length: body.users.length });
      seen.push(...body.users.map((user: { user_id: string }) => user.user_id));
    }
    expect(seen).toEqual(ids);
    const beyond = await search(q, { per_page: 100, page: 99, include_totals: true });
    expect(beyond.body).toMatchObject({ start: 9_900, length: 0, total, users: [] });
    const counted = await search(q, { per_page: 0, include_totals: true });
    expect(counted.body).toMatchObject({ limit: 0, length: 0, total, users: [] });
  });

  it.each([
    'user_metadata.rank:1',
    'user_metadata.rank:-1',
    'email:-1',
    'user_metadata.scores:1',
  ])('is sorted by %s with missing values last, by page and by checkpoint alike', async (sort) => {
    const { body } = await search(q, { sort, per_page: 100 });
    const path = sort.split(':')[0]?.split('.') ?? [];
    const values = body.map((user: Record<string, unknown>) =>
      path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], user),
    );
    const present = values.filter((value: unknown) => value !== undefined);
    expect(values.slice(0, present.length)).toEqual(present);
    const smallest = (value: unknown) => (Array.isArray(value) ? Math.min(...value) : value);
    const keys = present.map(smallest);
    const sorted = [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect(keys).toEqual(sort.endsWith(':-1') ? sorted.reverse() : sorted);

    const walked: unknown[] = [];
    let from: string | undefined;
    do {
      const page = await search(q, { sort, take: 4, ...(from ? { from } : {}) });
      walked.push(...page.body.users);
      from = page.body.next;
    } while (from);
    expect(walked).toEqual(body);
  });

  it('by checkpoint neither repeats nor skips anyone while users come and go', async () => {
    const { body: first } = await search(q, { take: 10 });
    const gone = first.users[3].user_id;
    await server.request('DELETE', `/users/${encodeURIComponent(gone)}`);
    const late = await createUser({ email: 'late@list.example', user_metadata: { group: 'list' } });
    const { body: second } = await search(q, { take: 100, from: first.next });
    expect(second.next).toBeUndefined();
    const seen = [...first.users, ...second.users].map((user) => user.user_id);
    expect(seen).toEqual([...ids, late]);
  });

  it('tells by checkpoint how many there are, with the first page and when it is asked', async () => {
    const { body: counted } = await search(q, { include_totals: true });
    const { body: first } = await search(q, { take: 3, include_totals: true });
    expect(first.total).toBe(counted.total);
    expect(await search(q, { take: 3, include_totals: true, from: first.next })).not.toHaveProperty(
      'body.total',
    );
    expect(await search(q, { take: 3 })).not.toHaveProperty('body.total');
  });

  it('refuses a checkpoint of another list, and a forged one', async () => {
    const { body } = await search(q, { take: 3 });
    expect((await search('*', { take: 3, from: body.next })).status).toBe(400);
    expect((await search(q, { take: 3, from: body.next, sort: 'email:1' })).status).toBe(400);
    const forged = Buffer.from(JSON.stringify([1, 'x', 'created_at', 1, 'now', 1])).toString('base64url');
    expect((await search(q, { take: 3, from: forged })).status).toBe(400);
  });

  it.each([
    { page: 1 },
    { per_page: 5 },
  ])('by checkpoint has no numbered pages: %o is refused', async (offsets) => {
    const { body: first } = await search(q, { take: 3 });
    for (const place of [{ take: 3 }, { from: first.next }]) {
      const answer = await search(q, { ...place, ...offsets });
      expect(answer.status).toBe(400);
      expect(answer.body.errorCode).toBe('invalid_query_string');
      expect(answer.body.message).toContain(`on property ${Object.keys(offsets)[0]}`);
    }
  });

  it('is narrowed by the connection parameter', async () => {
    expect((await search(q, { connection: 'email', include_totals: true })).body.total).toBe(total);
    expect((await search(q, { connection: 'nowhere', include_totals: true })).body.total).toBe(0);
  });

  it('of thousands of ids comes back by the POST form', async () => {
    const { body: stored } = await search(q, { per_page: 100 });
    const wanted = stored.map((user: { user_id: string }) => user.user_id);
    const terms = [...Array.from({ length: 5_000 }, (_, index) => `auth0|${index}`), ...wanted];
    const answer = await server.request('POST', '/users/search', {
      body: {
        q: `user_id:(${terms.map((id) => `"${id}"`).join(' OR ')})`,
        include_totals: true,
        per_page: 100,
      },
    });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body.total).toBe(wanted.length);
    expect(answer.body.users).toEqual(stored);
  });

  it('shows the chosen fields only', async () => {
    const { body } = await search(q, { fields: 'email', per_page: 1 });
    expect(body).toEqual([{ email: 'list00@list.example' }]);
  });
});
