import { decodeJwt } from 'jose';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createApi,
  createClient,
  createUser,
  database,
  password,
  postAsClient,
} from '../../test/support/sign-in-fixture.ts';
import { runExport, startTestJobs } from '../../test/support/test-jobs.ts';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';
import { addDemoUsers } from '../demo/index.ts';
import { rebuildSearchIndex } from '../users/index.ts';
import { purgeDeletedRoles } from './maintain-roles.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const name = 'Nightcrew';
const identifier = 'https://crew.example.com/';
const permissions = [{ resource_server_identifier: identifier, permission_name: 'sail' }];
/** More than one batch of the purging. */
const memberCount = 1_100;

async function createRole(): Promise<string> {
  const answer = await server.request('POST', '/roles', { body: { name } });
  expect(answer.status, answer.text).toBe(200);
  return answer.body.id;
}

async function countRows(table: 'user_roles' | 'deleted_roles', roleId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM ${sql.table(table)}
    WHERE ${sql.ref(table === 'user_roles' ? 'role_id' : 'id')} = ${roleId}`.execute(server.database);
  return rows[0]?.count ?? 0;
}

it('a deleted role is nobody’s at once, whatever is read, while its rows are purged later', {
  timeout: 90_000,
}, async () => {
  const [keeper, owner] = [
    await createUser(server, 'keeper@example.com'),
    await createUser(server, 'own@example.com'),
  ];
  const pathOf = (userId: string, rest: string) => `/users/${encodeURIComponent(userId)}/${rest}`;
  const api = { identifier, name, scopes: [{ value: 'sail' }] };
  await createApi(server, { ...api, enforce_policies: true, token_dialect: 'access_token_authz' });
  const application = await createClient(server);
  const signIn = async () => {
    const { body } = await postAsClient(server, application, '/oauth/token', {
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      realm: database,
      username: 'keeper@example.com',
      password,
      audience: identifier,
      scope: 'openid sail',
    });
    return decodeJwt(body.access_token)['permissions'];
  };
  const role = await createRole();
  await server.request('POST', `/roles/${role}/permissions`, { body: { permissions } });
  await server.request('POST', `/roles/${role}/users`, { body: { users: [keeper, owner] } });
  await addDemoUsers(server.database, { count: memberCount, seed: 1 });
  await sql`INSERT INTO user_roles (user_id, role_id)
    SELECT user_id, ${role} FROM users WHERE user_id NOT IN (${keeper}, ${owner}) LIMIT ${memberCount}`.execute(
    server.database,
  );
  expect(await signIn()).toEqual(['sail']);

  expect((await server.request('DELETE', `/roles/${role}`)).status).toBe(200);
  const expectNobody = async (newRole: string) => {
    const totals = { query: { include_totals: true } };
    const readTotal = async (path: string) => (await server.request('GET', path, totals)).body.total;
    const find = async (q: string) =>
      (await server.request('GET', '/users', { query: { q, include_totals: true } })).body.total;
    expect((await server.request('GET', `/roles/${role}/users`)).status).toBe(404);
    expect(await readTotal(pathOf(keeper, 'roles'))).toBe(0);
    expect((await server.request('GET', pathOf(keeper, 'roles'))).body).toEqual([]);
    expect(await readTotal(pathOf(keeper, 'permissions'))).toBe(0);
    expect(await signIn()).toEqual([]);
    expect(await readTotal(`/roles/${newRole}/users`)).toBe(0);
    for (const q of [`role:${name}`, `role_id:${role}`, `role_id:${newRole}`, '_exists_:role'])
      expect(await find(q), q).toBe(0);
    expect(await find('email:keeper@example.com AND NOT _exists_:role')).toBe(1);
  };

  const again = await createRole();
  await server.request('POST', `/roles/${again}/permissions`, { body: { permissions } });
  expect(await countRows('user_roles', role)).toBe(memberCount + 2);
  await expectNobody(again);
  const jobs = startTestJobs(server);
  expect(await runExport(server, { fields: [{ name: 'email' }, { name: 'roles' }] })).not.toContain(name);
  await jobs.stop();

  // Neither a deletion that is taken back nor the index made anew brings it back, nor loses what is to be purged.
  await server.request('DELETE', `/users/${encodeURIComponent(owner)}`, { query: { recoverable: true } });
  await server.request('POST', `/deleted-users/${encodeURIComponent(owner)}/restore`);
  await sql`UPDATE deleted_roles SET deleted_at = now() - interval '2 hours'`.execute(server.database);
  await rebuildSearchIndex(server.database);
  expect(await countRows('deleted_roles', role)).toBe(1);
  await expectNobody(again);

  await server.request('POST', `/roles/${again}/users`, { body: { users: [owner] } });
  expect(await purgeDeletedRoles(server.database)).toBe(memberCount + 1);
  expect([await countRows('user_roles', role), await countRows('user_roles', again)]).toEqual([0, 1]);
  expect(await purgeDeletedRoles(server.database)).toBe(0);
  await rebuildSearchIndex(server.database);
  expect(await countRows('deleted_roles', role)).toBe(0);
});
