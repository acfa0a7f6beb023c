import { createUser } from '../support/sign-in-fixture.ts';
import type { TestServer } from '../support/test-server.ts';

interface Call {
  readonly parameters?: readonly string[];
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: unknown;
}

let number = 0;

async function makeRole(server: TestServer): Promise<string> {
  const body = { name: `contract ${++number}`, description: 'For the contract' };
  return (await server.request('POST', '/roles', { body })).body.id;
}

async function makeMember(server: TestServer): Promise<{ roleId: string; userId: string }> {
  const roleId = await makeRole(server);
  const userId = await createUser(server, `member${++number}@example.com`);
  await server.request('POST', `/roles/${roleId}/users`, { body: { users: [userId] } });
  return { roleId, userId };
}

const wholePage = { page: 0, per_page: 5, include_totals: true };

/** Requests to every operation on roles that should be answered as documented. */
export const roleExercises: Readonly<Record<string, (server: TestServer) => Promise<readonly Call[]>>> = {
  'GET /roles': async (server) => {
    await makeRole(server);
    return [{}, { query: { ...wholePage, name_filter: 'contract' } }];
  },
  'POST /roles': async () => [
    { body: { name: `minimal ${++number}` } },
    { body: { name: `rich ${++number}`, description: 'Rich' } },
  ],
  'GET /roles/{}': async (server) => [{ parameters: [await makeRole(server)] }],
  'PATCH /roles/{}': async (server) => {
    const id = await makeRole(server);
    return [
      { parameters: [id], body: {} },
      { parameters: [id], body: { name: `renamed ${++number}`, description: '' } },
    ];
  },
  'DELETE /roles/{}': async (server) => [{ parameters: [await makeRole(server)] }],
  'GET /roles/{}/users': async (server) => {
    const { roleId } = await makeMember(server);
    return [
      { parameters: [roleId] },
      { parameters: [roleId], query: wholePage },
      { parameters: [roleId], query: { ...wholePage, take: 1 } },
    ];
  },
  'POST /roles/{}/users': async (server) => {
    const { roleId, userId } = await makeMember(server);
    return [
      { parameters: [roleId], body: { users: [userId] } },
      { parameters: [roleId], body: { users: [] } },
    ];
  },
  'GET /users/{}/roles': async (server) => {
    const { userId } = await makeMember(server);
    return [{ parameters: [userId] }, { parameters: [userId], query: wholePage }];
  },
  'POST /users/{}/roles': async (server) => {
    const { userId } = await makeMember(server);
    return [{ parameters: [userId], body: { roles: [await makeRole(server)] } }];
  },
  'DELETE /users/{}/roles': async (server) => {
    const { roleId, userId } = await makeMember(server);
    return [
      { parameters: [userId], body: { roles: [roleId] } },
      { parameters: [userId], body: { roles: [roleId] } },
    ];
  },
};
