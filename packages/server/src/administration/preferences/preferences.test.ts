import { type administratorRoles, managementScopes } from '@muster/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../../../test/support/sign-in-fixture.ts';
import { signUserToken } from '../../../test/support/sign-user-token.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';

type Role = (typeof administratorRoles)[number];

let server: TestServer;
let sequence = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());

/** A person of this role, with a token for the dashboard that names every scope. */
async function createPerson(role?: Role) {
  sequence += 1;
  const userId = await createUser(server, `person${sequence}@example.com`);
  const user = `/users/${encodeURIComponent(userId)}`;
  if (role) await server.request('PUT', `/administrators/${encodeURIComponent(userId)}`, { body: { role } });
  const token = await signUserToken(server, {
    subject: userId,
    clientId: 'muster-dashboard',
    scopes: managementScopes,
  });
  const get = () => server.request('GET', '/dashboard/preferences', { token });
  const patch = (body: unknown) => server.request('PATCH', '/dashboard/preferences', { token, body });
  return { userId, user, token, get, patch };
}

const search = (name: string, q = 'blocked:true') => ({ name, q, sort: 'created_at:-1' });
const isKept = async (userId: string) =>
  (await sql`SELECT 1 FROM dashboard_preferences WHERE user_id = ${userId}`.execute(server.database)).rows
    .length === 1;

describe('preferences of the dashboard', () => {
  it.each([
    'owner',
    'administrator',
    'support',
  ] as const)('are kept for a person of the role %s', async (role) => {
    const person = await createPerson(role);
    expect((await person.get()).body).toEqual({});
    const chosen = { user_columns: ['email', 'app_metadata.plan'], user_searches: [search('محظور')] };
    const { status, body } = await person.patch(chosen);
    expect([status, body]).toEqual([200, chosen]);
    expect((await person.get()).body).toEqual(chosen);
  });

  it('are read and never written by an auditor', async () => {
    const auditor = await createPerson('auditor');
    expect((await auditor.patch({ user_columns: ['email'] })).status).toBe(403);
    expect((await auditor.get()).body).toEqual({});
    expect(await isKept(auditor.userId)).toBe(false);
  });

  it("are nothing for people without a role, and nothing of a machine's", async () => {
    const nobody = await createPerson();
    expect([(await nobody.get()).status, (await nobody.patch({ user_columns: [] })).status]).toEqual([
      403, 403,
    ]);
    for (const answer of [
      await server.request('GET', '/dashboard/preferences'),
      await server.request('PATCH', '/dashboard/preferences', { body: { user_columns: [] } }),
    ])
      expect([answer.status, answer.body.errorCode]).toEqual([403, 'unowned_resource']);
  });

  it('are not written by a token that only reads', async () => {
    const { userId } = await createPerson('owner');
    const token = await signUserToken(server, {
      subject: userId,
      clientId: 'muster-dashboard',
      scopes: ['read:users'],
    });
    const { status } = await server.request('PATCH', '/dashboard/preferences', {
      token,
      body: { user_columns: [] },
    });
    expect(status).toBe(403);
  });

  it("are each person's own", async () => {
    const [one, other] = [await createPerson('owner'), await createPerson('owner')];
    await one.patch({ user_columns: ['email'] });
    await other.patch({ user_columns: ['username'] });
    expect((await one.get()).body.user_columns).toEqual(['email']);
  });

  it('change property by property, and can be empty', async () => {
    const person = await createPerson('owner');
    await Promise.all([
      person.patch({ user_columns: ['email'] }),
      person.patch({ user_searches: [search('a')] }),
    ]);
    await person.patch({ user_columns: [] });
    expect((await person.get()).body).toEqual({ user_columns: [], user_searches: [search('a')] });
  });

  it('go up to their bounds', async () => {
    const person = await createPerson('owner');
    const long = `app_metadata.${'x'.repeat(484)}`;
    const chosen = {
      user_columns: Array.from({ length: 50 }, (_, index) => `${long}${String(index).padStart(3, '0')}`),
      user_searches: Array.from({ length: 100 }, (_, index) =>
        search(`${'n'.repeat(97)}${String(index).padStart(3, '0')}`, 'q'.repeat(2_000)),
      ),
    };
    expect((await person.patch(chosen)).status).toBe(200);
    expect((await person.get()).body).toEqual(chosen);
  });

  it.each([
    ['nothing', {}],
    ['no object', []],
    ['another property', { theme: 'dark' }],
    ['null', { user_columns: null }],
    ['a text for a list', { user_columns: 'email' }],
    ['a number for a column', { user_columns: [1] }],
    ['a column that is no field', { user_columns: ['user_metadata..a'] }],
    ['a column that would be two in an address', { user_columns: ['user_metadata.a,b'] }],
    ['a column twice', { user_columns: ['email', 'email'] }],
    [
      'too many columns',
      { user_columns: Array.from({ length: 51 }, (_, index) => `user_metadata.x${index}`) },
    ],
    ['too long a column', { user_columns: [`user_metadata.${'x'.repeat(487)}`] }],
    ['a search without a query', { user_searches: [{ name: 'a', sort: 'name:1' }] }],
    ['a search with more', { user_searches: [{ ...search('a'), more: 1 }] }],
    ['a search without a name', { user_searches: [search('')] }],
    ['too long a name', { user_searches: [search('n'.repeat(101))] }],
    ['too long a query', { user_searches: [search('a', 'q'.repeat(2_001))] }],
    ['an order that is none', { user_searches: [{ ...search('a'), sort: 'name' }] }],
    ['a name twice', { user_searches: [search('a'), search('a')] }],
    ['too many searches', { user_searches: Array.from({ length: 101 }, (_, index) => search(`s${index}`)) }],
    ['what PostgreSQL cannot hold', { user_searches: [search('a\u0000b')] }],
  ])('are refused as a whole with %s', async (_, body) => {
    const person = await createPerson('owner');
    const answer = await person.patch(body);
    expect([answer.status, answer.body.errorCode]).toEqual([400, 'invalid_body']);
    expect(await isKept(person.userId)).toBe(false);
  });

  it('come back with a user who is brought back, and go with one who is deleted for good', async () => {
    const person = await createPerson('support');
    await person.patch({ user_columns: ['email'] });
    await server.request('DELETE', person.user, { query: { recoverable: true } });
    expect(await isKept(person.userId)).toBe(false);
    await server.request('POST', `/deleted-users/${encodeURIComponent(person.userId)}/restore`);
    expect(await isKept(person.userId)).toBe(true);
    await server.request('DELETE', person.user);
    expect(await isKept(person.userId)).toBe(false);
    expect((await person.get()).status).toBe(401);
  });
});
