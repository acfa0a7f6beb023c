import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browser.ts';
import {
  buildPath,
  dashboard,
  type Role,
  type RolesFixture,
  startRolesFixture,
} from './support/roles-fixture.ts';
import { createClient, createUser, database, discover, signInAt } from './support/sign-in-fixture.ts';
import { signUserToken } from './support/sign-user-token.ts';
import type { TestServer } from './support/test-server.ts';

let server: TestServer;
let users: RolesFixture['users'];
let requestAs: RolesFixture['requestAs'];
let connectionId: string;
beforeAll(async () => {
  ({ server, users, requestAs } = await startRolesFixture());
  connectionId = (await server.request('GET', '/connections', { query: { name: database } })).body[0].id;
});
afterAll(() => server.close());

/** What one could get into an account by, or lock its user out with. */
const attacks = (id: string, email: string) =>
  [
    ['PATCH', buildPath('users', id), { password: 'Another-horse-7' }],
    ['PATCH', buildPath('users', id), { email: 'mine@example.com' }],
    ['PATCH', buildPath('users', id), { email_verified: true }],
    ['PATCH', buildPath('users', id), { username: 'mine' }],
    ['PATCH', buildPath('users', id), { blocked: true }],
    ['PATCH', buildPath('users', id), { name: 'Somebody', blocked: false }],
    ['POST', '/tickets/password-change', { user_id: id }],
    ['POST', '/tickets/password-change', { connection_id: connectionId, email }],
    ['POST', '/tickets/email-verification', { user_id: id }],
    ['DELETE', buildPath('users', id, '/sessions')],
    ['DELETE', buildPath('users', id, '/refresh-tokens')],
    ['POST', buildPath('users', id, '/revoke-access'), {}],
    ['POST', '/refresh-tokens/revoke', { user_id: id }],
    ['DELETE', buildPath('users', id, '/identities/auth0/nothing')],
    ['DELETE', buildPath('user-blocks', id)],
  ] as const;

describe('an administrator', () => {
  it('is changed by nobody who may do less than they may', async () => {
    for (const [role, target] of [
      ['support', 'owner'],
      ['support', 'administrator'],
      ['administrator', 'owner'],
    ] as const) {
      const email = `${target}@example.com`;
      const before = (await server.request('GET', buildPath('users', users[target]))).body;
      for (const [method, address, body] of attacks(users[target], email)) {
        const { status, body: answer } = await requestAs(role, method, address, body);
        expect({ role, method, address, body, status }).toMatchObject({ status: 403 });
        expect(answer).toMatchObject({ errorCode: 'insufficient_scope' });
      }
      const after = (await server.request('GET', buildPath('users', users[target]))).body;
      expect(after).toEqual(before);
    }
    for (const address of [
      buildPath('users', users.owner),
      buildPath('connections', connectionId, '/users?email=owner@example.com'),
      buildPath('connections', connectionId),
    ])
      expect((await requestAs('administrator', 'DELETE', address)).status).toBe(403);
  });

  it('is changed by their equals, by those above and by themselves', async () => {
    const verify = (role: Role, target: Role) =>
      requestAs(role, 'PATCH', buildPath('users', users[target]), { email_verified: true });
    const plain = await createUser(server, 'plain@example.com');
    const change = { password: 'Another-horse-7' };
    expect((await requestAs('support', 'PATCH', buildPath('users', plain), change)).status).toBe(200);
    const ticket = await requestAs('support', 'POST', '/tickets/password-change', { user_id: plain });
    expect(ticket.status).toBe(201);
    expect((await verify('support', 'auditor')).status).toBe(200);
    expect((await verify('support', 'support')).status).toBe(200);
    expect((await verify('administrator', 'support')).status).toBe(200);
    expect((await verify('owner', 'owner')).status).toBe(200);
    expect((await verify('owner', 'administrator')).status).toBe(200);
  });

  it('keeps a name, metadata and picture that support may see to', async () => {
    const body = { given_name: 'Olga', app_metadata: { team: 'red' } };
    expect((await requestAs('support', 'PATCH', buildPath('users', users.owner), body)).status).toBe(200);
  });

  it("is not joined with somebody else's account", async () => {
    const stray = await createUser(server, 'stray@example.com');
    const link = (into: string, other: string) =>
      requestAs('support', 'POST', buildPath('users', into, '/identities'), {
        provider: 'auth0',
        user_id: other.replace('auth0|', ''),
      });
    expect((await link(users.owner, stray)).status).toBe(403);
    expect((await link(stray, users.owner)).status).toBe(403);
    expect((await requestAs('owner', 'GET', buildPath('users', users.owner))).body.identities).toHaveLength(
      1,
    );
  });

  it('keeps sessions and tokens that support would end by their ids', async () => {
    const configuration = await discover(server, await createClient(server));
    await signInAt(openBrowser(server), configuration, 'owner@example.com', {
      scope: 'openid offline_access',
    });
    const [session] = (await requestAs('owner', 'GET', buildPath('users', users.owner, '/sessions'))).body
      .sessions;
    const [token] = (await requestAs('owner', 'GET', buildPath('users', users.owner, '/refresh-tokens'))).body
      .tokens;
    for (const [method, address, body] of [
      ['DELETE', buildPath('sessions', session.id), undefined],
      ['POST', buildPath('sessions', session.id, '/revoke'), undefined],
      ['DELETE', buildPath('refresh-tokens', token.id), undefined],
      ['POST', '/refresh-tokens/revoke', { ids: [token.id] }],
    ] as const)
      expect((await requestAs('support', method, address, body)).status).toBe(403);
    expect(
      (await requestAs('administrator', 'DELETE', buildPath('device-credentials', token.id))).status,
    ).toBe(403);
    expect((await requestAs('owner', 'GET', buildPath('sessions', session.id))).status).toBe(200);
    expect((await requestAs('owner', 'DELETE', buildPath('refresh-tokens', token.id))).status).toBe(204);
  });

  it('shows a hash of their password to owners alone', async () => {
    const body = { include_password_hashes: true };
    expect((await requestAs('owner', 'POST', '/jobs/users-exports', body)).status).toBe(200);
    for (const role of ['administrator', 'support', 'auditor'] as const)
      expect((await requestAs(role, 'POST', '/jobs/users-exports', body)).status).toBe(403);
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
      const list = await requestAs(role, 'GET', `/messages?user_id=${encodeURIComponent(userId)}`);
      return (await requestAs(role, 'GET', buildPath('messages', list.body[0].id))).body;
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

describe('the last owner', () => {
  it('is neither deleted nor blocked, joined with another or gone with a connection', async () => {
    const { administrators } = (await server.request('GET', '/administrators')).body;
    for (const { user_id: id, role } of administrators)
      if (role === 'owner' && id !== users.owner)
        await server.request('DELETE', buildPath('administrators', id));
    const blocked = await createUser(server, 'blocked-owner@example.com', { blocked: true });
    await server.request('PUT', buildPath('administrators', blocked), { body: { role: 'owner' } });
    const refusal = { statusCode: 409, errorCode: 'last_owner' };
    const other = await createUser(server, 'other@example.com');
    const mine = await signUserToken(server, {
      subject: users.owner,
      clientId: dashboard,
      scopes: ['delete:current_user'],
    });
    for (const answer of [
      await server.request('DELETE', buildPath('users', users.owner)),
      await server.request('DELETE', buildPath('users', users.owner), { token: mine }),
      await server.request('DELETE', buildPath('connections', connectionId, '/users'), {
        query: { email: 'owner@example.com' },
      }),
      await server.request('DELETE', buildPath('connections', connectionId)),
      await server.request('PATCH', buildPath('users', users.owner), { body: { blocked: true } }),
      await server.request('DELETE', buildPath('administrators', users.owner)),
      await server.request('PUT', buildPath('administrators', users.owner), {
        body: { role: 'administrator' },
      }),
      await server.request('POST', buildPath('users', other, '/identities'), {
        body: { provider: 'auth0', user_id: users.owner.replace('auth0|', '') },
      }),
    ])
      expect(answer.body).toMatchObject(refusal);
    expect((await requestAs('owner', 'GET', buildPath('users', users.owner))).status).toBe(200);
  });

  it('stays when two of them delete each other at once', async () => {
    const second = await createUser(server, 'second@example.com');
    await server.request('PUT', buildPath('administrators', second), { body: { role: 'owner' } });
    const answers = await Promise.all([
      server.request('DELETE', buildPath('users', users.owner)),
      server.request('PATCH', buildPath('users', second), { body: { blocked: true } }),
    ]);
    expect(answers.map(({ status }) => status).filter((status) => status === 409)).toHaveLength(1);
    const { rows } = await sql`SELECT 1 FROM administrators JOIN users USING (user_id)
      WHERE role = 'owner' AND blocked IS NOT TRUE`.execute(server.database);
    expect(rows).toHaveLength(1);
  });
});
