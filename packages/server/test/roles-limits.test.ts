import { isWriting, managementScopes, type Operation } from '@muster/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browser.ts';
import {
  buildPath,
  dashboard,
  type Role,
  type RolesFixture,
  startRolesFixture,
} from './support/roles-fixture.ts';
import { createClient, createUser, discover, password, signInAt } from './support/sign-in-fixture.ts';
import { signUserToken } from './support/sign-user-token.ts';
import { testManagementClient } from './support/test-config.ts';
import type { TestServer } from './support/test-server.ts';

let server: TestServer;
let users: RolesFixture['users'];
let requestAs: RolesFixture['requestAs'];
let audience: string;
beforeAll(async () => {
  ({ server, users, requestAs } = await startRolesFixture());
  audience = `${server.config.publicUrl}/api/v2/`;
});
afterAll(() => server.close());

/** Of each operation that refuses the role, whatever is sent with it. */
async function listRefused(role: Role, operations: readonly Operation[]): Promise<string[]> {
  const refused = [];
  for (const { method, path: template } of operations) {
    // Of no record, so that what is allowed changes nothing.
    const { status } = await requestAs(role, method, template.replaceAll(/\{\w+\}/g, 'nothing'));
    if (status === 401) throw new Error(`${method} ${template} did not know who asked`);
    if (status === 403) refused.push(`${method} ${template}`);
  }
  return refused;
}

const name = ({ method, path: template }: Operation) => `${method} ${template}`;
/** What acts on the token's own user alone is nothing that a role gives. */
const operationsOfRoles = () =>
  server.app.managementApi.operations.filter(({ scopes }) =>
    scopes.some((scope) => !scope.includes(':current_user')),
  );
const readings = () => operationsOfRoles().filter((operation) => !isWriting(operation));
const writings = () => operationsOfRoles().filter(isWriting);

/** What is the matter of those who change keys and import users. */
const keysAndUploads = ['GET /jobs/uploads/{id}', 'GET /keys/signing', 'GET /keys/signing/{kid}'];

describe('each operation of the contract', () => {
  it('is refused to auditors where it writes, and open to them where it reads', async () => {
    expect(await listRefused('auditor', writings())).toEqual(writings().map(name));
    expect((await listRefused('auditor', readings())).sort()).toEqual(keysAndUploads);
  });

  it('is refused to support where it writes, but for what support is there for', async () => {
    const allowed = [
      'DELETE /grants',
      'DELETE /grants/{id}',
      'DELETE /refresh-tokens/{id}',
      'DELETE /sessions/{id}',
      'DELETE /user-blocks',
      'DELETE /user-blocks/{id}',
      'DELETE /users/{id}/identities/{provider}/{user_id}',
      'DELETE /users/{id}/permissions',
      'DELETE /users/{id}/roles',
      'DELETE /users/{user_id}/refresh-tokens',
      'DELETE /users/{user_id}/sessions',
      'PATCH /dashboard/preferences',
      'PATCH /users/{id}',
      // Blocks and mails; deletions are refused by the action.
      'POST /jobs/users-actions',
      'POST /jobs/users-exports',
      'POST /jobs/verification-email',
      'POST /jobs/{id}/cancel',
      'POST /refresh-tokens/revoke',
      'POST /sessions/{id}/revoke',
      'POST /tickets/email-verification',
      'POST /tickets/password-change',
      'POST /users/{id}/identities',
      'POST /users/{id}/password-reset-email',
      'POST /users/{id}/permissions',
      'POST /users/{id}/revoke-access',
      'POST /users/{id}/roles',
      'PUT /users/{id}/picture',
    ];
    const refused = await listRefused('support', writings());
    expect(
      writings()
        .map(name)
        .filter((operation) => !refused.includes(operation))
        .sort(),
    ).toEqual(allowed);
    expect((await listRefused('support', readings())).sort()).toEqual(keysAndUploads);
  });

  it("is open to administrators, but for the team and what owners' mails go through", async () => {
    expect((await listRefused('administrator', operationsOfRoles())).sort()).toEqual([
      'DELETE /administrators/{id}',
      'DELETE /emails/provider',
      'PATCH /email-templates/{templateName}',
      'PATCH /emails/provider',
      'POST /email-templates',
      'POST /emails/provider',
      'PUT /administrators/{id}',
      'PUT /email-templates/{templateName}',
    ]);
  });

  it('is open to owners', async () => {
    expect(await listRefused('owner', operationsOfRoles())).toEqual([]);
  });
});

describe('an administrator who would be an owner', () => {
  const make = async (body: Record<string, unknown> = {}) =>
    (
      await requestAs('administrator', 'POST', '/clients', {
        name: 'Ladder',
        app_type: 'non_interactive',
        ...body,
      })
    ).body.client_id as string;
  const grant = (role: Role, client: string, change: Record<string, unknown>) =>
    requestAs(role, 'POST', '/client-grants', { client_id: client, audience, ...change });

  it('gives no client what only owners have', async () => {
    const client = await make();
    for (const change of [
      { scope: ['read:users', 'update:administrators'] },
      { allow_all_scopes: true },
      { scope: ['update:email_provider'], subject_type: 'user' },
    ])
      expect((await grant('administrator', client, change)).body).toMatchObject({
        statusCode: 403,
        errorCode: 'insufficient_scope',
        message: expect.stringContaining(
          'scope' in change ? (change.scope?.at(-1) ?? '') : 'update:administrators',
        ),
      });
    const made = await grant('administrator', client, { scope: ['read:users', 'create:client_grants'] });
    expect(made.status).toBe(201);
    const change = { scope: ['update:administrators'] };
    expect(
      (await requestAs('administrator', 'PATCH', buildPath('client-grants', made.body.id), change)).status,
    ).toBe(403);

    // Nor does a machine that they made.
    const secret = (await requestAs('administrator', 'GET', buildPath('clients', client))).body.client_secret;
    const { access_token: token } = (
      await server.fetchRaw('POST', '/oauth/token', {
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify({
          grant_type: 'client_credentials',
          client_id: client,
          client_secret: secret,
          audience,
        }),
      })
    ).body;
    const body = { client_id: await make(), audience, scope: ['update:administrators'] };
    expect((await server.request('POST', '/client-grants', { token, body })).status).toBe(403);
    expect(
      (await server.request('POST', '/client-grants', { token, body: { ...body, scope: ['update:users'] } }))
        .status,
    ).toBe(201);
  });

  it('changes no owner by a machine', async () => {
    const scopes = ['update:users', 'create:user_tickets'];
    const change = { scopes, body: { password: 'Another-horse-7' } };
    expect((await server.request('PATCH', buildPath('users', users.owner), change)).status).toBe(403);
    expect((await server.request('PATCH', buildPath('users', users.support), change)).status).toBe(200);
    await server.request('PATCH', buildPath('users', users.support), { body: { password } });
  });

  it('neither sees nor sets the secret of a client that may do more, nor where its tokens go', async () => {
    for (const client of [testManagementClient.id, dashboard]) {
      const shown = (await requestAs('administrator', 'GET', buildPath('clients', client))).body;
      expect(shown.client_id).toBe(client);
      expect(shown).not.toHaveProperty('client_secret');
      for (const [method, rest, body] of [
        ['PATCH', '', { client_secret: 'x'.repeat(48) }],
        ['PATCH', '', { callbacks: ['https://evil.example.com'] }],
        ['PATCH', '', { token_endpoint_auth_method: 'none' }],
        ['PATCH', '', { name: 'Mine' }],
        ['POST', '/rotate-secret', undefined],
        ['DELETE', '', undefined],
      ] as const)
        expect(
          (await requestAs('administrator', method, buildPath('clients', client, rest), body)).status,
        ).toBe(403);
    }
    const ordinary = await make();
    const list = (await requestAs('administrator', 'GET', '/clients?per_page=100')).body;
    const secretOf = (id: string) =>
      list.find(({ client_id }: { client_id: string }) => client_id === id).client_secret;
    expect(secretOf(testManagementClient.id)).toBeUndefined();
    expect(secretOf(ordinary)).toMatch(/^\S{48,}$/);
    const shownToOwner = (await requestAs('owner', 'GET', buildPath('clients', testManagementClient.id)))
      .body;
    expect(shownToOwner.client_secret).toBe(testManagementClient.secret);
    const [theirs] = (await requestAs('owner', 'GET', `/client-grants?client_id=${testManagementClient.id}`))
      .body;
    expect((await requestAs('administrator', 'DELETE', buildPath('client-grants', theirs.id))).status).toBe(
      403,
    );
  });

  it("gets no owner's permissions by an application of their own", async () => {
    const client = await createClient(server);
    const configuration = await discover(server, client);
    const browser = openBrowser(server);
    const asked = { audience, scope: 'openid read:users update:administrators read:current_user' };
    const tokenScopes = async () => {
      const { access_token: token } = await signInAt(browser, configuration, 'owner@example.com', asked);
      const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      return payload.scope.split(' ').sort();
    };
    expect(await tokenScopes()).toEqual(['openid', 'read:current_user']);
    await grant('owner', client.id, { scope: ['read:users'], subject_type: 'user' });
    expect(await tokenScopes()).toEqual(['openid', 'read:current_user', 'read:users']);
  });
});

describe('an auditor whose id ends as those of machines do', () => {
  it('is an auditor', async () => {
    const subject = await createUser(server, 'machinelike@example.com', { user_id: 'odd@clients' });
    await server.request('PUT', buildPath('administrators', subject), { body: { role: 'auditor' } });
    const token = await signUserToken(server, { subject, clientId: dashboard, scopes: managementScopes });
    expect((await server.request('GET', '/users', { token })).status).toBe(200);
    expect((await server.request('POST', '/jobs/users-exports', { token, body: {} })).status).toBe(403);
    const body = { blocked: true };
    expect((await server.request('PATCH', buildPath('users', users.support), { token, body })).status).toBe(
      403,
    );
  });
});
