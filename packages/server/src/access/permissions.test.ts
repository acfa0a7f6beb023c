import { addRolePermissions, addUserPermissions, removeUserPermissions } from '@muster/contract';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createApi,
  createClient,
  createUser,
  database,
  password,
  postAsClient,
  type TestClient,
} from '../../test/support/sign-in-fixture.ts';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';

let server: TestServer;
let application: TestClient;
beforeAll(async () => {
  server = await startTestServer();
  application = await createClient(server);
});
afterAll(() => server.close());

const scopes = [{ value: 'read:orders', description: 'See orders' }, { value: 'write:orders' }];
const userPath = (userId: string, rest = '') => `/users/${encodeURIComponent(userId)}${rest}`;
const toBody = (identifier: string, ...names: readonly string[]) => ({
  permissions: names.map((name) => ({ resource_server_identifier: identifier, permission_name: name })),
});

/** An API that holds people to their permissions. @returns its identifier */
async function createOrders(name: string): Promise<string> {
  const identifier = `https://${name}.example.com/`;
  await createApi(server, {
    identifier,
    name,
    scopes,
    enforce_policies: true,
    token_dialect: 'access_token_authz',
  });
  return identifier;
}
async function createRole(name: string): Promise<string> {
  return (await server.request('POST', '/roles', { body: { name } })).body.id;
}
const namesOf = async (path: string): Promise<string[]> =>
  (await server.request('GET', `${path}/permissions`)).body.map(
    ({ permission_name }: { permission_name: string }) => permission_name,
  );

describe('the permissions of a role', () => {
  it('are added and removed, all or none, and shown with their API', async () => {
    const identifier = await createOrders('role-crud');
    const role = await createRole('role-crud');
    const path = `/roles/${role}/permissions`;
    const body = toBody(identifier, 'write:orders', 'read:orders', 'read:orders');
    for (let time = 0; time < 2; time += 1)
      expect(await server.request('POST', path, { body })).toMatchObject({ status: 201, body: {} });
    const [read, write] = [
      {
        resource_server_identifier: identifier,
        permission_name: 'read:orders',
        resource_server_name: 'role-crud',
        description: 'See orders',
      },
      {
        resource_server_identifier: identifier,
        permission_name: 'write:orders',
        resource_server_name: 'role-crud',
      },
    ];
    expect((await server.request('GET', path)).body).toEqual([read, write]);
    const second = { page: 1, per_page: 1, include_totals: true };
    expect((await server.request('GET', path, { query: second })).body).toEqual({
      start: 1,
      limit: 1,
      total: 2,
      permissions: [write],
    });
    const partly = toBody(identifier, 'read:orders', 'explode:orders');
    expect(await server.request('POST', path, { body: partly })).toMatchObject({
      status: 404,
      body: {
        errorCode: 'inexistent_resource_server_permission',
        message: `This permission does not exist: '${identifier} - explode:orders'`,
      },
    });
    const removal = { body: toBody(identifier, 'write:orders', 'explode:orders') };
    for (let time = 0; time < 2; time += 1)
      expect((await server.request('DELETE', path, removal)).status).toBe(204);
    expect((await server.request('GET', path)).body).toEqual([read]);
    for (const method of ['POST', 'DELETE'] as const)
      expect((await server.request(method, '/roles/rol_0000000000000000/permissions', removal)).status).toBe(
        404,
      );
    const { body: events } = await server.request('GET', '/logs', {
      query: { q: `description:"${addRolePermissions.summary}" AND type:sapi`, per_page: 10 },
    });
    expect(events.map(({ details }: { details: { changes: unknown } }) => details.changes)).toEqual([
      {
        permissions: { before: [], after: [`${identifier} - read:orders`, `${identifier} - write:orders`] },
      },
    ]);
  });

  it('are no way to the Management API', async () => {
    const role = await createRole('management');
    const body = toBody(`${server.config.publicUrl}/api/v2/`, 'read:users');
    expect(await server.request('POST', `/roles/${role}/permissions`, { body })).toMatchObject({
      status: 400,
      body: { errorCode: 'operation_not_supported' },
    });
  });
});

describe('the permissions of a user', () => {
  it('are their own and those of their roles, each once with what it comes from', async () => {
    const identifier = await createOrders('sources');
    const userId = await createUser(server, 'sources@example.com');
    const path = userPath(userId);
    const [editor, auditor] = [await createRole('sources editor'), await createRole('sources auditor')];
    for (const role of [editor, auditor])
      await server.request('POST', `/roles/${role}/permissions`, { body: toBody(identifier, 'read:orders') });
    await server.request('POST', `${path}/roles`, { body: { roles: [editor, auditor] } });
    const own = { body: toBody(identifier, 'read:orders', 'write:orders') };
    expect(await server.request('POST', `${path}/permissions`, own)).toMatchObject({ status: 201, body: {} });
    const direct = { source_id: '', source_name: '', source_type: 'DIRECT' };
    const { body } = await server.request('GET', `${path}/permissions`, { query: { include_totals: true } });
    expect(body).toMatchObject({
      start: 0,
      total: 2,
      permissions: [
        {
          permission_name: 'read:orders',
          sources: [
            direct,
            { source_id: auditor, source_name: 'sources auditor', source_type: 'ROLE' },
            { source_id: editor, source_name: 'sources editor', source_type: 'ROLE' },
          ],
        },
        { permission_name: 'write:orders', sources: [direct] },
      ],
    });
    expect((await server.request('DELETE', `${path}/permissions`, own)).status).toBe(204);
    expect(await namesOf(path)).toEqual(['read:orders']);
    const { body: events } = await server.request('GET', `${path}/logs`, { query: { per_page: 100 } });
    const titles = events.map(({ description }: { description?: string }) => description);
    for (const { summary } of [addUserPermissions, removeUserPermissions])
      expect(titles.filter((title: string) => title === summary)).toHaveLength(1);
    for (const method of ['GET', 'POST', 'DELETE'] as const)
      expect(
        (
          await server.request(
            method,
            userPath('auth0|nobody', '/permissions'),
            method === 'GET' ? {} : { body: own.body },
          )
        ).status,
      ).toBe(404);
  });

  it('go with a scope that the API gives up, with the API, and come back with a restored user while they exist', async () => {
    const identifier = await createOrders('going');
    const userId = await createUser(server, 'going@example.com');
    const role = await createRole('going');
    const body = toBody(identifier, 'read:orders', 'write:orders');
    await server.request('POST', `/roles/${role}/permissions`, { body });
    await server.request('POST', userPath(userId, '/permissions'), { body });
    const api = `/resource-servers/${encodeURIComponent(identifier)}`;
    const remove = () => server.request('DELETE', userPath(userId), { query: { recoverable: true } });
    const restore = async () =>
      expect(
        (await server.request('POST', `/deleted-users/${encodeURIComponent(userId)}/restore`)).status,
      ).toBe(200);
    await remove();
    await server.request('PATCH', api, { body: { scopes: scopes.slice(0, 1) } });
    expect(await namesOf(`/roles/${role}`)).toEqual(['read:orders']);
    await restore();
    expect(await namesOf(userPath(userId))).toEqual(['read:orders']);
    await server.request('PATCH', api, { body: { scopes } });
    expect(await namesOf(userPath(userId))).toEqual(['read:orders']);
    await remove();
    await server.request('DELETE', api);
    expect(await namesOf(`/roles/${role}`)).toEqual([]);
    await restore();
    expect(await namesOf(userPath(userId))).toEqual([]);
  });
});

describe('a token for an API that enforces policies', () => {
  const getToken = (body: Readonly<Record<string, unknown>>) =>
    postAsClient(server, application, '/oauth/token', body);
  const signIn = (email: string, audience: string, scope: string) =>
    getToken({
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      realm: database,
      username: email,
      password,
      audience,
      scope,
    });

  it('has the scopes that were asked for and are permitted, and names all permissions', async () => {
    const identifier = await createOrders('tokens');
    const other = await createOrders('tokens-other');
    const userId = await createUser(server, 'tokens@example.com');
    const role = await createRole('tokens');
    await server.request('POST', `/roles/${role}/permissions`, {
      body: toBody(identifier, 'read:orders', 'write:orders'),
    });
    await server.request('POST', userPath(userId, '/roles'), { body: { roles: [role] } });
    const { body } = await signIn('tokens@example.com', identifier, 'openid read:orders offline_access');
    expect(decodeJwt(body.access_token)).toMatchObject({
      scope: 'openid read:orders offline_access',
      permissions: ['read:orders', 'write:orders'],
    });
    const elsewhere = await signIn('tokens@example.com', other, 'openid read:orders');
    expect(decodeJwt(elsewhere.body.access_token)).toMatchObject({ scope: 'openid', permissions: [] });

    // What is taken is gone from the next token, whoever renews it.
    await server.request('DELETE', userPath(userId, '/roles'), { body: { roles: [role] } });
    await server.request('POST', userPath(userId, '/permissions'), {
      body: toBody(identifier, 'write:orders'),
    });
    const renewed = await getToken({ grant_type: 'refresh_token', refresh_token: body.refresh_token });
    expect(decodeJwt(renewed.body.access_token)).toMatchObject({
      scope: 'openid offline_access',
      permissions: ['write:orders'],
    });
  });
});
