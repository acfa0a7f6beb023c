import { decodeJwt } from 'jose';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, database, password, type TestClient } from '../../../test/support/sign-in-fixture.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { purgeExpiredUsers } from './maintain-deleted-users.ts';

let server: TestServer;
let application: TestClient;

beforeAll(async () => {
  server = await startTestServer();
  application = await createClient(server);
});
afterAll(() => server.close());

const create = async (email: string, more: Record<string, unknown> = {}) =>
  (
    await server.request('POST', '/users', {
      body: { connection: database, email, password, ...more },
    })
  ).body;
const pathOf = (id: string) => `/users/${encodeURIComponent(id)}`;
const deletedPathOf = (id: string) => `/deleted-users/${encodeURIComponent(id)}`;
const remove = (id: string, recoverable = true) =>
  server.request('DELETE', pathOf(id), { query: { recoverable } });
const restore = (id: string) => server.request('POST', `${deletedPathOf(id)}/restore`);
const listDeleted = async (q: string) =>
  (await server.request('GET', '/deleted-users', { query: { q } })).body.users;
const setWindow = (days: number) =>
  server.request('PATCH', '/tenants/settings', { body: { deleted_user_retention_days: days } });
const search = async (q: string) => (await server.request('GET', '/users', { query: { q } })).body;
/** @returns whom the token is for, or the error */
async function signIn(email: string): Promise<string | undefined> {
  const { body } = await server.fetchRaw('POST', '/oauth/token', {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      client_id: application.id,
      client_secret: application.secret,
      realm: database,
      username: email,
      password,
    }),
  });
  return body.id_token === undefined ? body.error : decodeJwt(body.id_token).sub;
}

describe('a user who was deleted recoverably', () => {
  it('is in no list, search or sign-in, frees the address, and comes back with everything', async () => {
    const made = await create('ada@example.com', {
      app_metadata: { plan: 'gold', big: 12345678901.25 },
      user_metadata: { colour: 'blue' },
    });
    const second = await create('ada.too@example.com');
    await server.request('POST', `${pathOf(made.user_id)}/identities`, {
      body: { provider: 'auth0', user_id: second.user_id.slice('auth0|'.length) },
    });
    const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
    const upload = await server.fetchRaw('PUT', `/api/v2${pathOf(made.user_id)}/picture`, {
      payload: picture,
      headers: {
        authorization: `Bearer ${await server.getToken()}`,
        'content-type': 'application/octet-stream',
      },
    });
    expect(upload.status, upload.text).toBe(200);
    const before = (await server.request('GET', pathOf(made.user_id))).body;

    expect((await remove(made.user_id)).status).toBe(204);
    expect((await server.request('GET', pathOf(made.user_id))).status).toBe(404);
    expect(await signIn('ada@example.com')).toBe('invalid_grant');
    expect(await search('app_metadata.plan:gold')).toEqual([]);
    expect(await listDeleted('ADA@')).toEqual([
      {
        user_id: made.user_id,
        email: 'ada@example.com',
        connection: database,
        deleted_at: expect.any(String),
        deleted_by: `${server.config.managementClient.id}@clients`,
        restorable_until: expect.any(String),
      },
    ]);

    const { status, body, headers } = await restore(made.user_id);
    expect(status).toBe(200);
    expect(headers['etag']).toMatch(/^"\d+"$/);
    expect({ ...body, updated_at: '' }).toEqual({ ...before, updated_at: '' });
    expect(await search('app_metadata.plan:gold AND app_metadata.big:[12345678901 TO *]')).toHaveLength(1);
    expect((await server.fetchRaw('GET', new URL(body.picture).pathname)).status).toBe(200);
    for (const email of ['ada@example.com', 'ada.too@example.com'])
      expect(await signIn(email), email).toBe(made.user_id);
    expect(await listDeleted('ada@')).toEqual([]);
    expect((await restore(made.user_id)).status).toBe(404);
  });

  it('stays deleted when somebody else has the address or the id by now, and the refusal names it', async () => {
    const made = await create('taken@example.com', { user_id: 'taken' });
    await remove(made.user_id);
    const other = await create('taken@example.com');
    const refusal = await restore(made.user_id);
    expect(refusal).toMatchObject({ status: 409, body: { errorCode: 'auth0_idp_error' } });
    expect(refusal.body.message).toMatch(/^The email of the deleted user/);
    await server.request('DELETE', pathOf(other.user_id));
    await create('another@example.com', { user_id: 'taken' });
    expect((await restore(made.user_id)).body.message).toMatch(/^The user_id of/);
    expect(await listDeleted('taken@')).toHaveLength(1);
  });

  it('is purged by request, which is logged and can be repeated', async () => {
    const { user_id: id } = await create('purged@example.com');
    await remove(id);
    for (let time = 0; time < 2; time += 1)
      expect((await server.request('DELETE', deletedPathOf(id))).status).toBe(204);
    expect((await restore(id)).status).toBe(404);
    const { body: events } = await server.request('GET', `${pathOf(id)}/logs`);
    const titles = events.map(({ description }: { description?: string }) => description);
    expect(titles.filter((title: string) => title === 'Purge a deleted user')).toHaveLength(1);
  });

  it('is purged when the window of the tenant is over, and at once when there is none', async () => {
    const { user_id: id } = await create('late@example.com');
    const { user_id: young } = await create('young@example.com');
    await remove(id);
    await remove(young);
    await sql`UPDATE deleted_users SET deleted_at = deleted_at - interval '8 days' WHERE user_id = ${id}`.execute(
      server.database,
    );
    expect((await setWindow(7)).body.deleted_user_retention_days).toBe(7);
    expect(await listDeleted('late@')).toEqual([]);
    expect((await restore(id)).status).toBe(404);
    expect(await purgeExpiredUsers(server.database)).toBe(1);
    expect((await restore(young)).status).toBe(200);
    await setWindow(0);
    await remove(young);
    await setWindow(30);
    expect(await listDeleted('young@')).toEqual([]);
    expect((await setWindow(366)).status).toBe(400);
  });

  it('goes with the connection', async () => {
    const { body: connection } = await server.request('POST', '/connections', {
      body: {
        name: 'short-lived',
        strategy: 'auth0',
        enabled_clients: [server.config.managementClient.id],
      },
    });
    const { user_id: id } = await create('guest@example.com', { connection: 'short-lived' });
    await remove(id);
    await server.request('DELETE', `/connections/${connection.id}`);
    await expect
      .poll(async () => (await server.request('GET', `/connections/${connection.id}`)).status)
      .toBe(404);
    expect([404, 409]).toContain((await restore(id)).status);
  });
});

describe('deleted users', () => {
  it('are listed page by page, the latest first, to those who may read users', async () => {
    for (const name of ['one', 'two', 'three'])
      await remove((await create(`page.${name}@example.com`)).user_id);
    const first = (await server.request('GET', '/deleted-users', { query: { q: 'page.', take: 2 } })).body;
    expect(first.users.map(({ email }: { email: string }) => email)).toEqual([
      'page.three@example.com',
      'page.two@example.com',
    ]);
    const rest = await server.request('GET', '/deleted-users', {
      query: { q: 'page.', take: 2, from: first.next },
    });
    expect(rest.body.users).toHaveLength(1);
    expect(rest.body).not.toHaveProperty('next');
    const refused = await server.request('GET', '/deleted-users', { scopes: ['read:clients'] });
    expect(refused.status).toBe(403);
    const scopes = ['read:users', 'update:users'];
    for (const [method, path] of [
      ['POST', '/deleted-users/auth0%7Cx/restore'],
      ['DELETE', '/deleted-users/auth0%7Cx'],
    ] as const)
      expect((await server.request(method, path, { scopes })).status).toBe(403);
  });

  it('are gone for good without the parameter, as official clients expect', async () => {
    const { user_id: id } = await create('final@example.com');
    expect((await server.request('DELETE', pathOf(id))).status).toBe(204);
    expect(await listDeleted('final@')).toEqual([]);
    const wrong = await server.request('DELETE', pathOf(id), { query: { recoverable: 'perhaps' } });
    expect(wrong).toMatchObject({ status: 400 });
    expect(wrong.body.message).toContain('recoverable');
  });
});
