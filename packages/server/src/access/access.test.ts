import { assignRoleUsers, assignUserRoles, removeUserRoles } from '@muster/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../../test/support/sign-in-fixture.ts';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const pathOf = (userId: string, rest = '') => `/users/${encodeURIComponent(userId)}${rest}`;
const rolesPath = (userId: string) => pathOf(userId, '/roles');

async function createRole(name: string, description?: string): Promise<string> {
  const answer = await server.request('POST', '/roles', { body: { name, description } });
  expect(answer.status, answer.text).toBe(200);
  return answer.body.id;
}
const assign = (userId: string, roles: readonly string[]) =>
  server.request('POST', rolesPath(userId), { body: { roles } });
const remove = (userId: string, roles: readonly string[]) =>
  server.request('DELETE', rolesPath(userId), { body: { roles } });
const namesOf = async (userId: string): Promise<string[]> =>
  (await server.request('GET', rolesPath(userId))).body.map(({ name }: { name: string }) => name);

/** What a user's history says of changes of roles, the latest first. */
async function listRoleEvents(userId: string) {
  const { body } = await server.request('GET', pathOf(userId, '/logs'), { query: { per_page: 100 } });
  const titles = [assignUserRoles, removeUserRoles, assignRoleUsers].map(({ summary }) => summary);
  return body
    .filter(({ description }: { description?: string }) => titles.includes(description ?? ''))
    .map(({ description, details }: { description: string; details: { changes: unknown } }) => ({
      description,
      changes: details.changes,
    }));
}

describe('a role', () => {
  it('is made with status 200, read, changed key by key and deleted once', async () => {
    const made = await server.request('POST', '/roles', { body: { name: 'Editor' } });
    expect(made).toMatchObject({
      status: 200,
      body: { id: expect.stringMatching(/^rol_[A-Za-z0-9]{16}$/), name: 'Editor' },
    });
    expect(made.body).not.toHaveProperty('description');
    const path = `/roles/${made.body.id}`;
    const described = { ...made.body, description: 'Edits' };
    expect((await server.request('PATCH', path, { body: { description: 'Edits' } })).body).toEqual(described);
    const renamed = { ...described, name: 'Redakteur' };
    expect((await server.request('PATCH', path, { body: { name: 'Redakteur' } })).body).toEqual(renamed);
    expect((await server.request('GET', path)).body).toEqual(renamed);
    expect(await server.request('DELETE', path)).toMatchObject({ status: 200, body: {} });
    for (const method of ['GET', 'DELETE'] as const) {
      const { status, body } = await server.request(method, path);
      expect(status).toBe(404);
      expect(body).toEqual({ statusCode: 404, error: 'Not Found', message: 'The role does not exist.' });
    }
    expect((await server.request('PATCH', path, { body: {} })).status).toBe(404);
    expect((await server.request('GET', `${path}/users`)).status).toBe(404);
  });

  it('has a name of its own', async () => {
    await createRole('Taken');
    const other = await createRole('Other');
    const refusals = [
      await server.request('POST', '/roles', { body: { name: 'Taken' } }),
      await server.request('PATCH', `/roles/${other}`, { body: { name: 'Taken' } }),
    ];
    for (const { status, body } of refusals) {
      expect(status).toBe(409);
      expect(body.message).toContain('Taken');
    }
    const again = await server.request('PATCH', `/roles/${other}`, { body: { name: 'Other' } });
    expect(again.status).toBe(200);
    for (const body of [{}, { name: '' }, { name: 'x'.repeat(256) }, { name: 'x', colour: 'red' }])
      expect((await server.request('POST', '/roles', { body })).status).toBe(400);
  });

  it('is listed by name, page by page, and found by a part of it, whatever its case', async () => {
    for (const name of ['list c', 'LIST b', 'list a', 'list_100%']) await createRole(name);
    const list = (query: object) =>
      server.request('GET', '/roles', { query: { name_filter: 'list', ...query } });
    const names = (roles: { name: string }[]) => roles.map(({ name }) => name);
    expect(names((await list({})).body)).toEqual(['list a', 'LIST b', 'list c', 'list_100%']);
    const { body } = await list({ per_page: 2, page: 1, include_totals: true });
    expect(body).toMatchObject({ start: 2, limit: 2, total: 4 });
    expect(names(body.roles)).toEqual(['list c', 'list_100%']);
    expect(names((await list({ name_filter: '_100%' })).body)).toEqual(['list_100%']);
    await createRole('Ärzte');
    expect(names((await list({ name_filter: 'ÄRZ' })).body)).toEqual(['Ärzte']);
    expect((await list({ take: 1 })).status).toBe(400);
  });
});

describe('the roles of a user', () => {
  it('are assigned and removed, each change once in the history with the roles before and after', async () => {
    const userId = await createUser(server, 'ada@example.com');
    const [writer, reader] = [await createRole('ada writer'), await createRole('ada reader', 'Reads')];
    for (let time = 0; time < 2; time += 1)
      expect(await assign(userId, [writer, reader, writer])).toMatchObject({ status: 204, text: '' });
    expect((await server.request('GET', rolesPath(userId))).body).toEqual([
      { id: reader, name: 'ada reader', description: 'Reads' },
      { id: writer, name: 'ada writer' },
    ]);
    const { body } = await server.request('GET', rolesPath(userId), {
      query: { include_totals: true, per_page: 1, page: 1 },
    });
    expect(body).toEqual({
      start: 1,
      limit: 1,
      total: 2,
      roles: [{ id: writer, name: 'ada writer' }],
    });
    for (let time = 0; time < 2; time += 1) expect((await remove(userId, [writer])).status).toBe(204);
    expect(await namesOf(userId)).toEqual(['ada reader']);
    expect(await listRoleEvents(userId)).toEqual([
      {
        description: removeUserRoles.summary,
        changes: { roles: { before: ['ada reader', 'ada writer'], after: ['ada reader'] } },
      },
      {
        description: assignUserRoles.summary,
        changes: { roles: { before: [], after: ['ada reader', 'ada writer'] } },
      },
    ]);
  });

  it('stay as they are when one that is named does not exist, or the user does not', async () => {
    const userId = await createUser(server, 'strict@example.com');
    const known = await createRole('strict');
    for (const call of [assign, remove]) {
      expect(await call(userId, [known, 'rol_0000000000000000'])).toMatchObject({
        status: 404,
        body: { message: 'The role does not exist.' },
      });
      expect(await call('auth0|nobody', [known])).toMatchObject({
        status: 404,
        body: { errorCode: 'inexistent_user' },
      });
      expect((await call(userId, [])).status).toBe(400);
    }
    expect((await server.request('GET', rolesPath('auth0|nobody'))).status).toBe(404);
    expect(await namesOf(userId)).toEqual([]);
  });

  it('go with the role, and leave the user as they were', async () => {
    const userId = await createUser(server, 'left@example.com');
    const role = await createRole('left');
    const before = (await server.request('GET', pathOf(userId))).body;
    await assign(userId, [role]);
    await server.request('DELETE', `/roles/${role}`);
    expect(await namesOf(userId)).toEqual([]);
    expect((await server.request('GET', pathOf(userId))).body).toEqual(before);
  });

  it('go with the user, and come back with them where they still exist', async () => {
    const userId = await createUser(server, 'restored@example.com');
    const [kept, gone] = [await createRole('restored kept'), await createRole('restored gone')];
    const countMembers = async () =>
      (await server.request('GET', `/roles/${kept}/users`, { query: { include_totals: true } })).body.total;
    const restore = () => server.request('POST', `/deleted-users/${encodeURIComponent(userId)}/restore`);
    await assign(userId, [kept, gone]);
    await server.request('DELETE', pathOf(userId), { query: { recoverable: true } });
    expect(await countMembers()).toBe(0);
    await server.request('DELETE', `/roles/${gone}`);
    expect((await restore()).status).toBe(200);
    expect(await namesOf(userId)).toEqual(['restored kept']);
    expect(await countMembers()).toBe(1);
    await server.request('DELETE', pathOf(userId), { query: { recoverable: true } });
    await server.request('DELETE', `/roles/${kept}`);
    expect((await restore()).status).toBe(200);
    expect(await namesOf(userId)).toEqual([]);
  });
});

describe('a user who was deleted before there were roles', () => {
  it('is restored all the same', async () => {
    const userId = await createUser(server, 'old@example.com');
    await server.request('DELETE', pathOf(userId), { query: { recoverable: true } });
    await sql`UPDATE deleted_users SET rows = rows - 'user_roles' - 'user_permissions' WHERE user_id = ${userId}`.execute(
      server.database,
    );
    const restored = await server.request('POST', `/deleted-users/${encodeURIComponent(userId)}/restore`);
    expect(restored.status).toBe(200);
    expect(await namesOf(userId)).toEqual([]);
  });
});

describe('the users of a role', () => {
  it('are assigned together, all or nobody, with an event for each who did not have it', async () => {
    const role = await createRole('crew');
    const ids = [];
    for (const name of ['crew1', 'crew2', 'crew3']) ids.push(await createUser(server, `${name}@example.com`));
    const [first = '', ...others] = ids;
    const assignUsers = (users: readonly string[], id = role) =>
      server.request('POST', `/roles/${id}/users`, { body: { users } });
    const total = async () =>
      (await server.request('GET', `/roles/${role}/users`, { query: { include_totals: true } })).body.total;
    expect(await assignUsers([first, 'auth0|nobody'])).toMatchObject({
      status: 404,
      body: { errorCode: 'inexistent_user' },
    });
    expect((await assignUsers([first], 'rol_0000000000000000')).status).toBe(404);
    expect((await assignUsers(['nobody'])).status).toBe(400);
    expect(await total()).toBe(0);
    expect(await assignUsers([first])).toMatchObject({ status: 200, body: {} });
    expect((await assignUsers([first, ...others, first])).status).toBe(200);
    expect((await assignUsers([])).status).toBe(200);
    expect(await total()).toBe(3);
    for (const id of ids)
      expect(await listRoleEvents(id)).toEqual([
        { description: assignRoleUsers.summary, changes: { roles: { before: [], after: ['crew'] } } },
      ]);
  });

  it('are listed in both forms of paging, who has it for longest first', async () => {
    const role = await createRole('paged');
    const ids: string[] = [];
    for (const name of ['c', 'b', 'a']) {
      const id = await createUser(server, `paged.${name}@example.com`, { name: name.toUpperCase() });
      await assign(id, [role]);
      ids.push(id);
    }
    const list = async (query: Readonly<Record<string, string | number | boolean>>) =>
      (await server.request('GET', `/roles/${role}/users`, { query })).body;
    const idsOf = (users: { user_id: string }[]) => users.map(({ user_id }) => user_id);
    expect((await list({}))[0]).toEqual({
      user_id: ids[0],
      email: 'paged.c@example.com',
      name: 'C',
      picture: expect.stringMatching(/^http/),
    });
    expect(idsOf(await list({}))).toEqual(ids);
    const page = await list({ per_page: 2, page: 1, include_totals: true });
    expect(page).toMatchObject({ start: 2, limit: 2, total: 3 });
    expect(idsOf(page.users)).toEqual(ids.slice(2));
    const head = await list({ take: 2, per_page: 1, include_totals: true });
    expect(Object.keys(head).sort()).toEqual(['next', 'users']);
    const tail = await list({ take: 2, from: head.next });
    expect(tail).not.toHaveProperty('next');
    expect(idsOf([...head.users, ...tail.users])).toEqual(ids);
  });
});

describe('whoever works with roles', () => {
  it('needs the scopes of the contract', async () => {
    const userId = await createUser(server, 'scopes@example.com');
    const role = await createRole('scopes');
    const members = `/roles/${role}/users`;
    const ask = async (scopes: readonly string[], method: 'GET' | 'POST' | 'DELETE', path: string) => {
      const bodies = { [members]: { users: [userId] }, [rolesPath(userId)]: { roles: [role] } };
      const body = method === 'GET' ? {} : { body: bodies[path] ?? { name: `by ${scopes}` } };
      return (await server.request(method, path, { scopes, ...body })).status;
    };
    const reading = ['read:users', 'read:roles', 'read:role_members'];
    for (const path of [members, rolesPath(userId)]) {
      expect(await ask(reading, 'GET', path)).toBe(200);
      for (const missing of reading)
        expect(
          await ask(
            reading.filter((scope) => scope !== missing),
            'GET',
            path,
          ),
          missing,
        ).toBe(403);
    }
    expect(await ask(['read:roles'], 'GET', '/roles')).toBe(200);
    expect(await ask(['read:users'], 'GET', '/roles')).toBe(403);
    expect(await ask(['update:roles'], 'POST', '/roles')).toBe(403);
    for (const [scope, method, path, status] of [
      ['update:roles', 'POST', members, 200],
      ['create:role_members', 'POST', members, 200],
      ['update:users', 'POST', members, 403],
      ['update:users', 'POST', rolesPath(userId), 204],
      ['create:role_members', 'POST', rolesPath(userId), 204],
      ['delete:role_members', 'POST', rolesPath(userId), 403],
      ['create:role_members', 'DELETE', rolesPath(userId), 403],
      ['delete:role_members', 'DELETE', rolesPath(userId), 204],
      ['update:users', 'DELETE', rolesPath(userId), 204],
    ] as const)
      expect(await ask([scope], method, path), `${scope} ${method} ${path}`).toBe(status);
  });
});
