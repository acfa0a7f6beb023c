import { currentUserScopes } from '@muster/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, createUser } from './support/sign-in-fixture.ts';
import { signUserToken } from './support/sign-user-token.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

let server: TestServer;
let clientId: string;
let own: string;
let other: string;
beforeAll(async () => {
  server = await startTestServer();
  ({ id: clientId } = await createClient(server));
  own = await createUser(server, 'own@example.com');
  other = await createUser(server, 'other@example.com');
});
afterAll(() => server.close());

const signToken = (subject: string, scopes: readonly string[], audience?: string) =>
  signUserToken(server, { subject, clientId, scopes, ...(audience === undefined ? {} : { audience }) });

const path = (id: string) => `/users/${encodeURIComponent(id)}`;
const unowned = {
  statusCode: 403,
  error: 'Forbidden',
  message: 'User to be acted on does not match subject in bearer token.',
  errorCode: 'unowned_resource',
};

describe("a user's own token", () => {
  it('opens exactly the documented operations', async () => {
    const opened = server.app.managementApi.operations
      .filter(({ scopes }) => scopes.some((scope) => currentUserScopes.some((mine) => mine === scope)))
      .map(({ method, path: template }) => `${method} ${template}`)
      .sort();
    expect(opened).toEqual([
      'DELETE /device-credentials/{id}',
      'DELETE /users/{id}',
      'DELETE /users/{id}/identities/{provider}/{user_id}',
      'GET /users/{id}',
      'PATCH /users/{id}',
      'POST /device-credentials',
      'POST /users/{id}/identities',
    ]);
  });

  it('with every own scope is refused everywhere else', async () => {
    const token = await signToken(own, currentUserScopes);
    const others = server.app.managementApi.operations.filter(
      ({ scopes }) => !scopes.some((scope) => currentUserScopes.some((mine) => mine === scope)),
    );
    expect(others.length).toBeGreaterThan(50);
    for (const { method, path: template, scopes } of others) {
      const url = template.replaceAll(/\{\w+\}/g, encodeURIComponent(own));
      const answer = await server.request(method, url, { token });
      expect([`${method} ${template}`, answer.status]).toEqual([`${method} ${template}`, 403]);
      expect(answer.body).toMatchObject({
        errorCode: 'insufficient_scope',
        message: `Insufficient scope, expected any of: ${scopes.join(',')}`,
      });
    }
  });

  it.each([
    ['GET', 'read:current_user', undefined],
    ['PATCH', 'update:current_user_metadata', { user_metadata: { theme: 'dark' } }],
    ['PATCH', 'create:current_user_metadata', { user_metadata: { theme: 'dark' } }],
    ['DELETE', 'delete:current_user', undefined],
  ] as const)('may not %s another user with %s, known or not', async (method, scope, body) => {
    const token = await signToken(own, [scope]);
    for (const id of [other, 'auth0|unknown', own.toUpperCase(), `${own} `]) {
      const answer = await server.request(method, path(id), { token, ...(body ? { body } : {}) });
      expect([answer.status, answer.body]).toEqual([403, unowned]);
    }
    expect((await server.request('GET', path(other))).status).toBe(200);
  });

  it('reads its user, without the tokens of providers', async () => {
    const token = await signToken(own, ['read:current_user']);
    const answer = await server.request('GET', path(own), { token });
    expect(answer.body).toMatchObject({ user_id: own, email: 'own@example.com' });
    expect(JSON.stringify(answer.body)).not.toContain('access_token');
    expect((await server.request('PATCH', path(own), { token, body: { user_metadata: {} } })).status).toBe(
      403,
    );
  });

  it.each([
    'update:current_user_metadata',
    'create:current_user_metadata',
  ])('changes user_metadata by %s, and no other field', async (scope) => {
    const token = await signToken(own, [scope]);
    const patch = (body: Record<string, unknown>) => server.request('PATCH', path(own), { token, body });
    const changed = await patch({ user_metadata: { theme: scope } });
    expect([changed.status, changed.body.user_metadata.theme]).toEqual([200, scope]);
    const fields: Record<string, unknown> = {
      app_metadata: { role: 'admin' },
      blocked: false,
      email: 'new@example.com',
      email_verified: true,
      verify_email: false,
      phone_number: '+4917012345',
      username: 'ada',
      password: 'Another-horse-10',
      name: 'Ada',
      given_name: 'Ada',
      family_name: 'Lovelace',
      nickname: 'ada',
      picture: 'https://example.com/a.png',
      connection: 'Username-Password-Authentication',
      client_id: clientId,
    };
    for (const [field, value] of Object.entries(fields)) {
      const refused = await patch({ user_metadata: { theme: 'light' }, [field]: value });
      expect([refused.status, refused.body]).toEqual([
        403,
        {
          statusCode: 403,
          error: 'Forbidden',
          message: `You cannot update the following fields: ${field}`,
          errorCode: 'insufficient_scope',
        },
      ]);
    }
    expect((await server.request('GET', path(own))).body.user_metadata).toEqual({ theme: scope });
  });

  it('keeps devices of its own user', async () => {
    const token = await signToken(own, ['create:current_user_device_credentials']);
    const made = await server.request('POST', '/device-credentials', {
      token,
      body: {
        device_name: 'Phone',
        type: 'public_key',
        value: 'a2V5',
        device_id: 'a0-b1',
        client_id: clientId,
      },
    });
    expect(made.status).toBe(201);
    const theirs = await signToken(other, ['delete:current_user_device_credentials']);
    await server.request('DELETE', `/device-credentials/${made.body.id}`, { token: theirs });
    const kept = await server.request('GET', '/device-credentials', {
      query: { user_id: own, type: 'public_key' },
    });
    expect(kept.body).toMatchObject([{ id: made.body.id, user_id: own }]);
    const mine = await signToken(own, ['delete:current_user_device_credentials']);
    const deleted = await server.request('DELETE', `/device-credentials/${made.body.id}`, { token: mine });
    expect(deleted.status).toBe(204);
  });

  it('is one for the Management API', async () => {
    const token = await signToken(own, ['read:current_user'], 'https://api.example.com/');
    expect((await server.request('GET', path(own), { token })).status).toBe(401);
  });

  it("of a machine is nobody's", async () => {
    const token = await signToken(`${clientId}@clients`, [
      'read:current_user',
      'update:current_user_metadata',
    ]);
    expect((await server.request('GET', path(own), { token })).body).toEqual(unowned);
  });

  it('acts on all users as long as its holder is an administrator, whatever it says', async () => {
    const token = await signToken(own, ['read:users', 'read:current_user']);
    expect((await server.request('GET', path(other), { token })).status).toBe(403);
    const role = `/administrators/${encodeURIComponent(own)}`;
    await server.request('PUT', role, { body: { role: 'auditor' } });
    expect((await server.request('GET', path(other), { token })).status).toBe(200);
    await server.request('DELETE', role);
    expect((await server.request('GET', path(other), { token })).status).toBe(403);
  });

  it('deletes its user', async () => {
    const id = await createUser(server, 'leaving@example.com');
    const token = await signToken(id, ['delete:current_user']);
    expect((await server.request('DELETE', path(id), { token })).status).toBe(204);
    expect((await server.request('GET', path(id))).status).toBe(404);
  });
});
