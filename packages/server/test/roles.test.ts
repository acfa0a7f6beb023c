import { administratorRoles, isWriting, managementScopes, type Operation } from '@muster/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browser.ts';
import {
  createClient,
  createUser,
  database,
  discover,
  password,
  signInAt,
} from './support/sign-in-fixture.ts';
import { signUserToken } from './support/sign-user-token.ts';
import { testManagementClient } from './support/test-config.ts';
import { startTestServer, type TestAnswer, type TestServer } from './support/test-server.ts';

type Role = (typeof administratorRoles)[number];
const dashboard = 'muster-dashboard';

let server: TestServer;
let audience: string;
let connectionId: string;
/** A user of each role, and a token of theirs for the dashboard that names every scope. */
const users = {} as Record<Role, string>;
const tokens = {} as Record<Role, string>;
beforeAll(async () => {
  server = await startTestServer();
  audience = `${server.config.publicUrl}/api/v2/`;
  for (const role of administratorRoles) {
    users[role] = await createUser(server, `${role}@example.com`);
    await server.request('PUT', path('administrators', users[role]), { body: { role } });
    tokens[role] = await signUserToken(server, {
      subject: users[role],
      clientId: dashboard,
      scopes: managementScopes,
    });
  }
  connectionId = (await server.request('GET', '/connections', { query: { name: database } })).body[0].id;
});
afterAll(() => server.close());

const path = (resource: string, id: string, rest = '') => `/${resource}/${encodeURIComponent(id)}${rest}`;

const as = (
  role: Role,
  method: Parameters<TestServer['request']>[0],
  address: string,
  body?: unknown,
): Promise<TestAnswer> =>
  server.request(method, address, { token: tokens[role], ...(body === undefined ? {} : { body }) });

/** Of each operation that refuses the role, whatever is sent with it. */
async function listRefused(role: Role, operations: readonly Operation[]): Promise<string[]> {
  const refused = [];
  for (const { method, path: template } of operations) {
    // Of no record, so that what is allowed changes nothing.
    const { status } = await as(role, method, template.replaceAll(/\{\w+\}/g, 'nothing'));
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

/** What one could get into an account by, or lock its user out with. */
const attacks = (id: string, email: string) =>
  [
    ['PATCH', path('users', id), { password: 'Another-horse-7' }],
    ['PATCH', path('users', id), { email: 'mine@example.com' }],
    ['PATCH', path('users', id), { email_verified: true }],
    ['PATCH', path('users', id), { username: 'mine' }],
    ['PATCH', path('users', id), { blocked: true }],
    ['PATCH', path('users', id), { name: 'Somebody', blocked: false }],
    ['POST', '/tickets/password-change', { user_id: id }],
    ['POST', '/tickets/password-change', { connection_id: connectionId, email }],
    ['POST', '/tickets/email-verification', { user_id: id }],
    ['DELETE', path('users', id, '/sessions')],
    ['DELETE', path('users', id, '/refresh-tokens')],
    ['POST', path('users', id, '/revoke-access'), {}],
    ['POST', '/refresh-tokens/revoke', { user_id: id }],
    ['DELETE', path('users', id, '/identities/auth0/nothing')],
    ['DELETE', path('user-blocks', id)],
  ] as const;

describe('an administrator', () => {
  it('is changed by nobody who may do less than they may', async () => {
    for (const [role, target] of [
      ['support', 'owner'],
      ['support', 'administrator'],
      ['administrator', 'owner'],
    ] as const) {
      const email = `${target}@example.com`;
      const before = (await server.request('GET', path('users', users[target]))).body;
      for (const [method, address, body] of attacks(users[target], email)) {
        const { status, body: answer } = await as(role, method, address, body);
        expect({ role, method, address, body, status }).toMatchObject({ status: 403 });
        expect(answer).toMatchObject({ errorCode: 'insufficient_scope' });
      }
      const after = (await server.request('GET', path('users', users[target]))).body;
      expect(after).toEqual(before);
    }
    for (const address of [
      path('users', users.owner),
      path('connections', connectionId, '/users?email=owner@example.com'),
      path('connections', connectionId),
    ])
      expect((await as('administrator', 'DELETE', address)).status).toBe(403);
  });

  it('is changed by their equals, by those above and by themselves', async () => {
    const verify = (role: Role, target: Role) =>
      as(role, 'PATCH', path('users', users[target]), { email_verified: true });
    const plain = await createUser(server, 'plain@example.com');
    const change = { password: 'Another-horse-7' };
    expect((await as('support', 'PATCH', path('users', plain), change)).status).toBe(200);
    const ticket = await as('support', 'POST', '/tickets/password-change', { user_id: plain });
    expect(ticket.status).toBe(201);
    expect((await verify('support', 'auditor')).status).toBe(200);
    expect((await verify('support', 'support')).status).toBe(200);
    expect((await verify('administrator', 'support')).status).toBe(200);
    expect((await verify('owner', 'owner')).status).toBe(200);
    expect((await verify('owner', 'administrator')).status).toBe(200);
  });

  it('keeps a name, metadata and picture that support may see to', async () => {
    const body = { given_name: 'Olga', app_metadata: { team: 'red' } };
    expect((await as('support', 'PATCH', path('users', users.owner), body)).status).toBe(200);
  });

  it("is not joined with somebody else's account", async () => {
    const stray = await createUser(server, 'stray@example.com');
    const link = (into: string, other: string) =>
      as('support', 'POST', path('users', into, '/identities'), {
        provider: 'auth0',
        user_id: other.replace('auth0|', ''),
      });
    expect((await link(users.owner, stray)).status).toBe(403);
    expect((await link(stray, users.owner)).status).toBe(403);
    expect((await as('owner', 'GET', path('users', users.owner))).body.identities).toHaveLength(1);
  });

  it('keeps sessions and tokens that support would end by their ids', async () => {
    const configuration = await discover(server, await createClient(server));
    await signInAt(openBrowser(server), configuration, 'owner@example.com', {
      scope: 'openid offline_access',
    });
    const [session] = (await as('owner', 'GET', path('users', users.owner, '/sessions'))).body.sessions;
    const [token] = (await as('owner', 'GET', path('users', users.owner, '/refresh-tokens'))).body.tokens;
    for (const [method, address, body] of [
      ['DELETE', path('sessions', session.id), undefined],
      ['POST', path('sessions', session.id, '/revoke'), undefined],
      ['DELETE', path('refresh-tokens', token.id), undefined],
      ['POST', '/refresh-tokens/revoke', { ids: [token.id] }],
    ] as const)
      expect((await as('support', method, address, body)).status).toBe(403);
    expect((await as('administrator', 'DELETE', path('device-credentials', token.id))).status).toBe(403);
    expect((await as('owner', 'GET', path('sessions', session.id))).status).toBe(200);
    expect((await as('owner', 'DELETE', path('refresh-tokens', token.id))).status).toBe(204);
  });

  it('shows a hash of their password to owners alone', async () => {
    const body = { include_password_hashes: true };
    expect((await as('owner', 'POST', '/jobs/users-exports', body)).status).toBe(200);
    for (const role of ['administrator', 'support', 'auditor'] as const)
      expect((await as(role, 'POST', '/jobs/users-exports', body)).status).toBe(403);
  });
});

describe('a link in a mail that waits', () => {
  it('is shown to those who may act for its user, and masked for everybody else', async () => {
    const ask = (email: string) =>
      server.fetchRaw('POST', '/dbconnections/change_password', {
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify({ client_id: dashboard, email, connection: database }),
      });
    const plain = await createUser(server, 'forgetful@example.com');
    await ask('forgetful@example.com');
    await ask('owner@example.com');
    const readMail = async (role: Role, userId: string) => {
      const list = await as(role, 'GET', `/messages?user_id=${encodeURIComponent(userId)}`);
      return (await as(role, 'GET', path('messages', list.body[0].id))).body;
    };
    const link = /\/u\/reset-verify\?ticket=|ticket=\w/;
    for (const [role, userId] of [
      ['auditor', plain],
      ['support', plain],
      ['auditor', users.owner],
      ['support', users.owner],
      ['administrator', users.owner],
    ] as const) {
      const mail = await readMail(role, userId);
      expect(mail.links).toEqual([]);
      expect(mail.text).toContain('?*****');
      expect(JSON.stringify(mail)).not.toMatch(link);
    }
    for (const [role, userId] of [
      ['administrator', plain],
      ['owner', plain],
      ['owner', users.owner],
    ] as const) {
      const mail = await readMail(role, userId);
      expect(mail.links).toHaveLength(1);
      expect(mail.text).toContain(mail.links[0]);
    }
  });
});

describe('an administrator who would be an owner', () => {
  const make = async (body: Record<string, unknown> = {}) =>
    (await as('administrator', 'POST', '/clients', { name: 'Ladder', app_type: 'non_interactive', ...body }))
      .body.client_id as string;
  const grant = (role: Role, client: string, change: Record<string, unknown>) =>
    as(role, 'POST', '/client-grants', { client_id: client, audience, ...change });

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
    expect((await as('administrator', 'PATCH', path('client-grants', made.body.id), change)).status).toBe(
      403,
    );

    // Nor does a machine that they made.
    const secret = (await as('administrator', 'GET', path('clients', client))).body.client_secret;
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
    expect((await server.request('PATCH', path('users', users.owner), change)).status).toBe(403);
    expect((await server.request('PATCH', path('users', users.support), change)).status).toBe(200);
    await server.request('PATCH', path('users', users.support), { body: { password } });
  });

  it('neither sees nor sets the secret of a client that may do more, nor where its tokens go', async () => {
    for (const client of [testManagementClient.id, dashboard]) {
      const shown = (await as('administrator', 'GET', path('clients', client))).body;
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
        expect((await as('administrator', method, path('clients', client, rest), body)).status).toBe(403);
    }
    const ordinary = await make();
    const list = (await as('administrator', 'GET', '/clients?per_page=100')).body;
    const secretOf = (id: string) =>
      list.find(({ client_id }: { client_id: string }) => client_id === id).client_secret;
    expect(secretOf(testManagementClient.id)).toBeUndefined();
    expect(secretOf(ordinary)).toMatch(/^\S{48,}$/);
    const shownToOwner = (await as('owner', 'GET', path('clients', testManagementClient.id))).body;
    expect(shownToOwner.client_secret).toBe(testManagementClient.secret);
    const [theirs] = (await as('owner', 'GET', `/client-grants?client_id=${testManagementClient.id}`)).body;
    expect((await as('administrator', 'DELETE', path('client-grants', theirs.id))).status).toBe(403);
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
    await server.request('PUT', path('administrators', subject), { body: { role: 'auditor' } });
    const token = await signUserToken(server, { subject, clientId: dashboard, scopes: managementScopes });
    expect((await server.request('GET', '/users', { token })).status).toBe(200);
    expect((await server.request('POST', '/jobs/users-exports', { token, body: {} })).status).toBe(403);
    const body = { blocked: true };
    expect((await server.request('PATCH', path('users', users.support), { token, body })).status).toBe(403);
  });
});

describe('the last owner', () => {
  it('is neither deleted nor blocked, joined with another or gone with a connection', async () => {
    const { administrators } = (await server.request('GET', '/administrators')).body;
    for (const { user_id: id, role } of administrators)
      if (role === 'owner' && id !== users.owner) await server.request('DELETE', path('administrators', id));
    const blocked = await createUser(server, 'blocked-owner@example.com', { blocked: true });
    await server.request('PUT', path('administrators', blocked), { body: { role: 'owner' } });
    const refusal = { statusCode: 409, errorCode: 'last_owner' };
    const other = await createUser(server, 'other@example.com');
    const mine = await signUserToken(server, {
      subject: users.owner,
      clientId: dashboard,
      scopes: ['delete:current_user'],
    });
    for (const answer of [
      await server.request('DELETE', path('users', users.owner)),
      await server.request('DELETE', path('users', users.owner), { token: mine }),
      await server.request('DELETE', path('connections', connectionId, '/users'), {
        query: { email: 'owner@example.com' },
      }),
      await server.request('DELETE', path('connections', connectionId)),
      await server.request('PATCH', path('users', users.owner), { body: { blocked: true } }),
      await server.request('DELETE', path('administrators', users.owner)),
      await server.request('PUT', path('administrators', users.owner), { body: { role: 'administrator' } }),
      await server.request('POST', path('users', other, '/identities'), {
        body: { provider: 'auth0', user_id: users.owner.replace('auth0|', '') },
      }),
    ])
      expect(answer.body).toMatchObject(refusal);
    expect((await as('owner', 'GET', path('users', users.owner))).status).toBe(200);
  });

  it('stays when two of them delete each other at once', async () => {
    const second = await createUser(server, 'second@example.com');
    await server.request('PUT', path('administrators', second), { body: { role: 'owner' } });
    const answers = await Promise.all([
      server.request('DELETE', path('users', users.owner)),
      server.request('PATCH', path('users', second), { body: { blocked: true } }),
    ]);
    expect(answers.map(({ status }) => status).filter((status) => status === 409)).toHaveLength(1);
    const { rows } = await sql`SELECT 1 FROM administrators JOIN users USING (user_id)
      WHERE role = 'owner' AND blocked IS NOT TRUE`.execute(server.database);
    expect(rows).toHaveLength(1);
  });
});
