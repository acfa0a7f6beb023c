import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';
import { appendLogEvent } from './index.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.getToken();
  await server.getToken(['read:logs_users']);
  await sql`DELETE FROM logs`.execute(server.database);
  const jane = { userId: 'auth0|jane', userName: 'Jane@Example.com', connection: 'Users', ip: '203.0.113.7' };
  await appendLogEvent(server.database, { type: 's', ...jane, clientName: 'Shop' });
  await appendLogEvent(server.database, { type: 'fp', description: 'Wrong password.', ...jane });
  await appendLogEvent(server.database, { type: 'fu', userName: 'a_b%c', ip: '198.51.100.1' });
  await appendLogEvent(server.database, { type: 'sapi', description: 'Create a User', clientId: 'machine' });
  await sql`UPDATE logs SET date = '2018-12-17T23:59:59.999Z', log_id = '90020181217235959999' || substr(log_id, 21)
    WHERE type = 'sapi'`.execute(server.database);
});
afterAll(() => server?.close());

const search = async (q: string, more: object = {}) =>
  (await server.request('GET', '/logs', { query: { q, sort: 'date:1', ...more } })).body;
const typesOf = (logs: { type: string }[]) => logs.map(({ type }) => type);

describe('a search of the log', () => {
  it.each([
    ['', ['sapi', 's', 'fp', 'fu']],
    ['type:s', ['s']],
    ['type:f*', ['fp', 'fu']],
    ['type:"fp" OR type:"fu"', ['fp', 'fu']],
    ['type:(s OR sapi) AND NOT user_id:*', ['sapi']],
    ['NOT user_id:auth0|jane', ['sapi', 'fu']],
    ['-description:"wrong password."', ['sapi', 's', 'fu']],
    ['description:*user', ['sapi']],
    ['description:User', []],
    ['user_name:jane@example.com', ['s', 'fp']],
    ['user_name:JANE*com', ['s', 'fp']],
    ['user_name:a_b%*', ['fu']],
    ['user_name:a_b%c', ['fu']],
    ['user_name:*axb*', []],
    ['connection:users', []],
    ['connection:Users', ['s', 'fp']],
    ['shop', ['s']],
    ['203.0.113.7', ['s', 'fp']],
    ['Jane@example.com AND fp', ['fp']],
    ['_exists_:client_id', ['sapi']],
    ['ip:[198 TO 200]', ['fu']],
    ['date:2018-12-17', ['sapi']],
    ['date:[2018 TO 2019]', ['sapi']],
    ['date:[* TO 2018-12-17}', []],
    ['date:{2018-12-17 TO *]', ['s', 'fp', 'fu']],
    ['NOT date:2018', ['s', 'fp', 'fu']],
    ['date:[0001 TO 9999]', ['sapi', 's', 'fp', 'fu']],
  ])('for %s finds %j', async (q, types) => {
    expect(typesOf(await search(q))).toEqual(types);
  });

  it('counts exactly, pages, and selects fields', async () => {
    expect(await search('type:f*', { include_totals: true, per_page: 1, page: 1 })).toMatchObject({
      start: 1,
      length: 1,
      total: 2,
      logs: [{ type: 'fu' }],
    });
    const [first] = await search('type:s', { fields: 'type' });
    expect(Object.keys(first).sort()).toEqual(['_id', 'log_id', 'type']);
  });

  it('shows events of users alone to those who may read no others', async () => {
    const { body } = await server.request('GET', '/logs', {
      query: { q: 'type:f*' },
      scopes: ['read:logs_users'],
    });
    expect(typesOf(body)).toEqual(['fp']);
  });

  it.each([
    ['typ:s', 'There is no field typ, did you mean type?', 0],
    ['details.error:x', 'There is no field details.error', 0],
    ['type:s AND', 'AND', 7],
    ['date:yesterday', 'date is a date', 5],
    ['description:*ab', '3 characters', 12],
  ])('refuses %s, and says where', async (q, message, position) => {
    const { status, body } = await server.request('GET', '/logs', { query: { q } });
    expect(status).toBe(400);
    expect(body).toMatchObject({ errorCode: 'invalid_query_string', position });
    expect(body.message).toContain(message);
  });

  it('is ignored when everything is read from a checkpoint', async () => {
    const { body } = await server.request('GET', '/logs', { query: { q: 'type:fp', take: 10 } });
    expect(typesOf(body)).toEqual(['sapi', 's', 'fp', 'fu']);
  });
});
