import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as indexUserRoles from '../../migrations/0019-index-user-roles.ts';
import { createUser } from '../../test/support/sign-in-fixture.ts';
import { runExport, startTestJobs, waitForJob } from '../../test/support/test-jobs.ts';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';
import { rebuildSearchIndex } from '../users/index.ts';
import { purgeDeletedRoles } from './maintain-roles.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const pathOf = (userId: string, rest = '') => `/users/${encodeURIComponent(userId)}${rest}`;

async function createRole(name: string): Promise<string> {
  const answer = await server.request('POST', '/roles', { body: { name } });
  expect(answer.status, answer.text).toBe(200);
  return answer.body.id;
}

async function changeRoles(method: 'POST' | 'DELETE', userId: string, roles: readonly string[]) {
  const answer = await server.request(method, pathOf(userId, '/roles'), { body: { roles } });
  expect(answer.status, answer.text).toBe(204);
}

async function find(q: string): Promise<string[]> {
  const answer = await server.request('GET', '/users', { query: { q, include_totals: true } });
  expect(answer.status, answer.text).toBe(200);
  const ids = answer.body.users.map((user: { user_id: string }) => user.user_id);
  expect(answer.body.total).toBe(ids.length);
  return ids.sort();
}

describe('a search by role', () => {
  it('follows every assignment and removal at once, one by one and from the side of the role', async () => {
    const [ada, bob] = [
      await createUser(server, 'ada@example.com'),
      await createUser(server, 'bob@example.com'),
    ];
    const [writer, reader] = [await createRole('Story writer'), await createRole('Story reader')];
    expect(await find('role:story*')).toEqual([]);
    await changeRoles('POST', ada, [writer, reader]);
    await server.request('POST', `/roles/${reader}/users`, { body: { users: [ada, bob] } });
    expect(await find('role:"story writer"')).toEqual([ada]);
    expect(await find(`role_id:${reader}`)).toEqual([ada, bob].sort());
    expect(await find('_exists_:role AND NOT role:"story writer"')).toEqual([bob]);
    await changeRoles('DELETE', ada, [reader]);
    expect(await find('role:"story reader"')).toEqual([bob]);
    await changeRoles('DELETE', ada, [writer]);
    expect(await find('role:"story writer" OR _exists_:role')).toEqual([bob]);
    expect(await find(`user_id:("${ada}" OR "${bob}") AND NOT _exists_:role`)).toEqual([ada]);
  });

  it('goes by the names that roles have now', async () => {
    const userId = await createUser(server, 'renamed@example.com');
    const role = await createRole('Before renaming');
    await changeRoles('POST', userId, [role]);
    await server.request('PATCH', `/roles/${role}`, { body: { name: 'After renaming' } });
    expect(await find('role:"before renaming"')).toEqual([]);
    expect(await find('role:"after renaming"')).toEqual([userId]);
  });

  it('finds nobody by a role that was deleted, nor by having had it', async () => {
    const [one, both] = [
      await createUser(server, 'one@example.com'),
      await createUser(server, 'both@example.com'),
    ];
    const [gone, kept] = [await createRole('deleted gone'), await createRole('deleted kept')];
    await changeRoles('POST', one, [gone]);
    await changeRoles('POST', both, [gone, kept]);
    await server.request('DELETE', `/roles/${gone}`);
    const ofBoth = `user_id:("${one}" OR "${both}")`;
    expect(await find('role:"deleted gone"')).toEqual([]);
    expect(await find(`role_id:${gone}`)).toEqual([]);
    expect(await find(`${ofBoth} AND _exists_:role`)).toEqual([both]);
    expect(await find(`${ofBoth} AND NOT _exists_:role`)).toEqual([one]);
    // A role that takes over the name is another one.
    await createRole('deleted gone');
    expect(await find('role:"deleted gone"')).toEqual([]);
  });

  it('is not confused by whatever else changes a user', async () => {
    const userId = await createUser(server, 'changing@example.com');
    const role = await createRole('changing');
    await changeRoles('POST', userId, [role]);
    for (const body of [{ app_metadata: { plan: 'pro' } }, { name: 'Changed' }, { blocked: true }])
      expect((await server.request('PATCH', pathOf(userId), { body })).status).toBe(200);
    expect(await find('role:changing AND app_metadata.plan:pro AND blocked:true')).toEqual([userId]);
    await server.request('DELETE', pathOf(userId), { query: { recoverable: true } });
    expect(await find('role:changing')).toEqual([]);
    const lost = await createRole('changing lost');
    await server.request('POST', `/deleted-users/${encodeURIComponent(userId)}/restore`);
    expect(await find('role:changing AND app_metadata.plan:pro')).toEqual([userId]);
    await changeRoles('POST', userId, [lost]);
    await server.request('DELETE', pathOf(userId), { query: { recoverable: true } });
    await server.request('DELETE', `/roles/${lost}`);
    await server.request('POST', `/deleted-users/${encodeURIComponent(userId)}/restore`);
    expect(await find('role:changing*')).toEqual([userId]);
    expect(await find(`role_id:${lost}`)).toEqual([]);
  });

  it('is right after each of many changes of a user at a time', async () => {
    const userId = await createUser(server, 'busy@example.com');
    const roles = await Promise.all(['busy 0', 'busy 1', 'busy 2', 'busy 3'].map(createRole));
    const change = async (role: string, index: number) => {
      for (let round = 0; round < 20; round++) {
        await changeRoles('POST', userId, [role]);
        expect(await find(`role:"busy ${index}"`)).toEqual([userId]);
        await changeRoles('DELETE', userId, [role]);
        expect(await find(`role:"busy ${index}"`)).toEqual([]);
      }
      await changeRoles('POST', userId, [role]);
    };
    const edit = async () => {
      for (let round = 0; round < 40; round++)
        await server.request('PATCH', pathOf(userId), { body: { app_metadata: { round } } });
    };
    await Promise.all([...roles.map(change), edit(), rebuildSearchIndex(server.database)]);
    const all = roles.map((_, index) => `role:"busy ${index}"`).join(' AND ');
    expect(await find(`${all} AND app_metadata.round:39`)).toEqual([userId]);
  });

  it('follows what is done to many users at once', async () => {
    const ids = [];
    for (const index of [0, 1, 2]) ids.push(await createUser(server, `bulk${index}@example.com`));
    const role = await createRole('bulk');
    const jobs = startTestJobs(server);
    const run = async (body: object) => {
      const { body: job } = await server.request('POST', '/jobs/users-actions', { body });
      expect(await waitForJob(server, job.id)).toMatchObject({ status: 'completed' });
    };
    await run({ action: 'assign_roles', q: 'email:bulk*', roles: [role] });
    expect(await find('role:bulk')).toEqual(ids.sort());
    await run({ action: 'remove_roles', q: 'role:bulk AND NOT email:bulk1*', roles: [role] });
    expect(await find('role:bulk AND email:bulk1*')).toHaveLength(1);
    expect(await find('role:bulk')).toHaveLength(1);
    await jobs.stop();
  });
});

describe('an export', () => {
  it('shows the roles of users by their names, and is of those who have one', async () => {
    const jobs = startTestJobs(server);
    const [some, none] = [
      await createUser(server, 'exported@example.com'),
      await createUser(server, 'exported.too@example.com'),
    ];
    await changeRoles('POST', some, [await createRole('Export, "b"'), await createRole('export a')]);
    const names = ['export a', 'Export, "b"'];
    const fields = [{ name: 'user_id' }, { name: 'roles' }, { name: 'roles[0]', export_as: 'first' }];
    const rows = (await runExport(server, { fields, q: 'email:exported*' })).trim().split('\n');
    expect(rows.map((row) => JSON.parse(row))).toEqual([
      { user_id: some, roles: names, first: names[0] },
      { user_id: none },
    ]);
    expect(await runExport(server, { format: 'csv', fields: fields.slice(1, 2), q: 'role:"export a"' })).toBe(
      `roles\r\n"${JSON.stringify(names).replaceAll('"', '""')}"\r\n`,
    );
    await jobs.stop();
  });
});

describe('whoever may not read who has which role', () => {
  const all = ['read:users', 'read:roles', 'read:role_members', 'update:users'];
  const without = (missing: string) => all.filter((scope) => scope !== missing);
  const ask = (scopes: readonly string[], method: 'GET' | 'POST', path: string, request: object) =>
    server.request(method, path, { scopes, ...request });

  it.each(['read:roles', 'read:role_members'])('for want of %s finds nobody by it', async (missing) => {
    for (const q of [
      'role:a',
      'NOT role:a',
      'email:a* OR (blocked:true AND _exists_:role)',
      'role_id:rol_a*',
    ])
      for (const [method, path, request] of [
        ['GET', '/users', { query: { q } }],
        ['POST', '/users/search', { body: { q } }],
        ['POST', '/jobs/users-exports', { body: { q } }],
        ['POST', '/jobs/users-exports', { body: { fields: [{ name: 'roles[0]' }] } }],
        ['POST', '/jobs/users-actions', { body: { q, action: 'block', dry_run: true } }],
      ] as const) {
        const refused = await ask(without(missing), method, path, request);
        expect(refused, `${path} ${q}`).toMatchObject({
          status: 403,
          body: { errorCode: 'insufficient_scope', message: expect.stringContaining(missing) },
        });
        expect((await ask(all, method, path, request)).status, `${path} ${q}`).toBeLessThan(300);
      }
    const other = { query: { q: 'email:a* AND NOT blocked:true' } };
    expect((await ask(['read:users'], 'GET', '/users', other)).status).toBe(200);
  });

  it.each([
    { fields: [{ name: 'roles' }] },
    { q: '_exists_:role' },
  ])('is not shown the file of an export of %o', async (body) => {
    const jobs = startTestJobs(server);
    const { body: job } = await ask(all, 'POST', '/jobs/users-exports', { body });
    await waitForJob(server, job.id);
    const read = async (scopes: readonly string[]) => (await ask(scopes, 'GET', `/jobs/${job.id}`, {})).body;
    expect(await read(all)).toHaveProperty('location');
    expect(await read(without('read:role_members'))).not.toHaveProperty('location');
    await jobs.stop();
  });
});

describe('the index of roles', () => {
  it('is made anew with the search index', async () => {
    const userId = await createUser(server, 'reindexed@example.com');
    const role = await createRole('reindexed');
    await changeRoles('POST', userId, [role]);
    const before = await find('_exists_:role');
    await sql`UPDATE user_search SET role_ids = CASE WHEN role_ids IS NULL THEN ${`{${role}}`}::text[] END`.execute(
      server.database,
    );
    expect(await find('role:reindexed')).not.toContain(userId);
    await rebuildSearchIndex(server.database);
    expect(await find('role:reindexed')).toEqual([userId]);
    expect(await find('_exists_:role')).toEqual(before);
  });

  it('forgets with it the roles that were deleted long ago, and nothing of who has one', async () => {
    const userId = await createUser(server, 'forgotten@example.com');
    const [old, recent] = [await createRole('forgotten'), await createRole('not yet forgotten')];
    const countForgotten = async () => {
      const { rows } = await sql<{
        id: string;
      }>`SELECT id FROM deleted_roles WHERE id IN (${old}, ${recent})`.execute(server.database);
      return rows.map(({ id }) => id);
    };
    for (const role of [old, recent]) {
      await changeRoles('POST', userId, [role]);
      await server.request('DELETE', `/roles/${role}`);
    }
    await sql`UPDATE deleted_roles SET deleted_at = now() - interval '2 hours' WHERE id = ${old}`.execute(
      server.database,
    );
    const before = await find('_exists_:role');
    expect(before).not.toContain(userId);
    await purgeDeletedRoles(server.database);
    await rebuildSearchIndex(server.database);
    expect(await countForgotten()).toEqual([recent]);
    expect(await find('_exists_:role')).toEqual(before);
  });

  it('is filled where roles were assigned before there was one', async () => {
    const userId = await createUser(server, 'upgraded@example.com');
    await changeRoles('POST', userId, [await createRole('upgraded'), await createRole('upgraded too')]);
    const before = await find('_exists_:role');
    // Then they had gone with their role.
    await purgeDeletedRoles(server.database);
    await sql`ALTER TABLE user_search DROP COLUMN role_ids`.execute(server.database);
    await sql`DROP INDEX roles_folded_name`.execute(server.database);
    await sql`DROP TABLE deleted_roles`.execute(server.database);
    await server.database.transaction().execute((transaction) => indexUserRoles.up(transaction));
    expect(await find('role:upgraded AND role:"upgraded too"')).toEqual([userId]);
    expect(await find('_exists_:role')).toEqual(before);
  });
});
