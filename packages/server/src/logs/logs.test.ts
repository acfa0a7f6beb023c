import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';
import { appendLogEvent } from './index.ts';

let server: TestServer;
const events = Array.from({ length: 12 }, (_, index) => index);

beforeAll(async () => {
  server = await startTestServer();
  // The first request for a token writes an event too; it comes before all others here.
  await server.getToken();
  await server.getToken(['read:logs_users']);
  await server.getToken(['read:users']);
  for (const index of events) {
    await appendLogEvent(server.database, {
      type: 'sapi',
      description: `event ${index}`,
      clientId: 'client',
      clientName: '',
      userAgent:
        index % 2 === 0
          ? 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148'
          : 'curl/8.5.0',
      details: { index },
      ...(index < 3
        ? {
            userId: 'auth0|reader',
            userName: 'reader@example.com',
            connection: 'Users',
            connectionId: 'con_1',
          }
        : {}),
    });
  }
});
afterAll(() => server?.close());

const descriptions = (logs: { description?: string }[]) => logs.map((log) => log.description);

describe('the list of log events', () => {
  test('is newest first and a bare array', async () => {
    const { status, body, headers } = await server.request('GET', '/logs', { query: { per_page: 3 } });
    expect(status).toBe(200);
    expect(descriptions(body)).toEqual(['event 11', 'event 10', 'event 9']);
    expect(headers.link).toBeUndefined();
  });

  test('carries totals that are exact whatever the page', async () => {
    const first = await server.request('GET', '/logs', { query: { per_page: 7, include_totals: true } });
    const third = await server.request('GET', '/logs', {
      query: { page: 2, per_page: 7, include_totals: true },
    });
    expect(first.body).toMatchObject({ start: 0, limit: 7, length: 7, total: third.body.total });
    expect(third.body).toMatchObject({ start: 14, limit: 7, length: third.body.logs.length });
    expect(third.body.total).toBe(14 + third.body.logs.length);
  });

  test('can be turned round by date', async () => {
    const { body } = await server.request('GET', '/logs', { query: { sort: 'date:1', per_page: 100 } });
    expect(descriptions(body).slice(-2)).toEqual(['event 10', 'event 11']);
  });

  test.each(['type:1', 'date', 'date:0', 'details.index:1'])('refuses to sort by %s', async (sort) => {
    const { status, body } = await server.request('GET', '/logs', { query: { sort } });
    expect(status).toBe(400);
    expect(body.errorCode).toBe('invalid_query_string');
  });

  test.each([
    { search: 'type:sapi' },
    { page: -1 },
    { per_page: 101 },
    { take: 0 },
    { take: 101 },
    { from: 'latest' },
    { page: 1e9 },
  ])('refuses %j', async (query) => {
    const { status, body } = await server.request('GET', '/logs', { query });
    expect(status).toBe(400);
    expect(body.errorCode).toBe('invalid_query_string');
  });

  test('is empty beyond its end', async () => {
    const { status, body } = await server.request('GET', '/logs', {
      query: { page: 10_000_000, per_page: 100 },
    });
    expect([status, body]).toEqual([200, []]);
    expect((await server.request('GET', '/logs', { query: { per_page: 0 } })).body).toEqual([]);
  });

  test('gives the named fields and always both spellings of the id', async () => {
    const included = await server.request('GET', '/logs', { query: { fields: 'type', per_page: 1 } });
    expect(Object.keys(included.body[0]).sort()).toEqual(['_id', 'log_id', 'type']);
    const excluded = await server.request('GET', '/logs', {
      query: { fields: 'details,_id,log_id', include_fields: false, per_page: 1 },
    });
    expect(Object.keys(excluded.body[0])).toEqual(expect.arrayContaining(['_id', 'log_id', 'type', 'date']));
    expect(excluded.body[0]).not.toHaveProperty('details');
  });

  test('shows to holders of read:logs_users only what belongs to a user', async () => {
    const { body } = await server.request('GET', '/logs', {
      scopes: ['read:logs_users'],
      query: { include_totals: true },
    });
    expect(descriptions(body.logs)).toEqual([
      'event 2',
      'event 1',
      'event 0',
      'Create the first administrator',
    ]);
    expect(body.total).toBe(4);
  });

  test('is refused without a scope for logs', async () => {
    expect((await server.request('GET', '/logs', { scopes: ['read:users'] })).status).toBe(403);
  });
});

describe('a log event', () => {
  test('has its own address and leaves out what it does not have', async () => {
    const [newest, second] = (await server.request('GET', '/logs', { query: { per_page: 2 } })).body;
    const { status, body } = await server.request('GET', `/logs/${newest.log_id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      _id: newest.log_id,
      log_id: expect.stringMatching(/^900\d{53}$/),
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      type: 'sapi',
      description: 'event 11',
      client_id: 'client',
      client_name: '',
      user_agent: 'curl/8.5.0',
      details: { index: 11 },
    });
    expect(second.isMobile).toBe(true);
  });

  test('that does not exist is a 404', async () => {
    for (const id of [
      '90020200101000000000000000000000000000000000000000000000',
      'nothing',
      encodeURIComponent("' or 1=1"),
    ]) {
      const { status, body } = await server.request('GET', `/logs/${id}`);
      expect([status, body.message]).toEqual([404, 'The log event does not exist.']);
    }
  });

  test('of no user is a 404 to holders of read:logs_users', async () => {
    const [newest] = (await server.request('GET', '/logs', { query: { per_page: 1 } })).body;
    expect(
      (await server.request('GET', `/logs/${newest.log_id}`, { scopes: ['read:logs_users'] })).status,
    ).toBe(404);
  });
});

describe("a user's log events", () => {
  const path = `/users/${encodeURIComponent('auth0|reader')}/logs`;

  test('are newest first, with totals on request', async () => {
    const plain = await server.request('GET', path);
    expect(descriptions(plain.body)).toEqual(['event 2', 'event 1', 'event 0']);
    const totals = await server.request('GET', path, {
      query: { page: 0, per_page: 2, include_totals: true },
    });
    expect(totals.body).toMatchObject({ start: 0, limit: 2, length: 2, total: 3 });
  });

  test('name the other pages in Link', async () => {
    const { headers } = await server.request('GET', path, { query: { page: 1, per_page: 1 } });
    const base = `http://muster.test/api/v2${path}`;
    expect(headers.link).toBe(
      [
        `<${base}?page=0&per_page=1>; rel="first"`,
        `<${base}?page=0&per_page=1>; rel="prev"`,
        `<${base}?page=2&per_page=1>; rel="next"`,
        `<${base}?page=2&per_page=1>; rel="last"`,
      ].join(', '),
    );
  });

  test('are none for an unknown user', async () => {
    const { status, body } = await server.request('GET', `/users/${encodeURIComponent('auth0|nobody')}/logs`);
    expect([status, body]).toEqual([200, []]);
  });

  test('need a user id', async () => {
    expect((await server.request('GET', '/users/nobody/logs')).body.errorCode).toBe('invalid_uri');
  });
});

test('every write leaves one event with its secrets masked', async () => {
  const body = {
    connection: 'Username-Password-Authentication',
    email: 'logged@example.com',
    password: 'Correct-horse-battery-1',
  };
  expect((await server.request('POST', '/users', { body })).status).toBe(201);
  const [event] = (await server.request('GET', '/logs', { query: { per_page: 1 } })).body;
  expect(event).toMatchObject({
    type: 'sapi',
    details: {
      request: {
        method: 'post',
        path: '/api/v2/users',
        channel: 'api',
        body: { email: 'logged@example.com', password: '*****' },
      },
      response: { statusCode: 201 },
    },
  });
  expect(JSON.stringify(event)).not.toContain(body.password);
});
