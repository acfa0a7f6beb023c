import { createUser } from '../support/sign-in-fixture.ts';
import type { TestServer } from '../support/test-server.ts';
import type { Exercises } from './records.ts';

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

async function makePermission(server: TestServer) {
  const identifier = `https://contract${++number}.example.com/`;
  const scopes = [{ value: 'read:it', description: 'Read it' }];
  await server.request('POST', '/resource-servers', { body: { identifier, name: 'Contract', scopes } });
  return { permissions: [{ resource_server_identifier: identifier, permission_name: 'read:it' }] };
}

/** A role and its user, both of whom have a permission. */
async function makePermitted(server: TestServer) {
  const body = await makePermission(server);
  const { roleId, userId } = await makeMember(server);
  await server.request('POST', `/roles/${roleId}/permissions`, { body });
  await server.request('POST', `/users/${encodeURIComponent(userId)}/permissions`, { body });
  return { roleId, userId, body };
}

const wholePage = { page: 0, per_page: 5, include_totals: true };

/** Requests to every operation on roles that should be answered as documented. */
export const roleExercises: Exercises = {
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
  'GET /roles/{}/permissions': async (server) => {
    const { roleId } = await makePermitted(server);
    return [{ parameters: [roleId] }, { parameters: [roleId], query: wholePage }];
  },
  'POST /roles/{}/permissions': async (server) => [
    { parameters: [await makeRole(server)], body: await makePermission(server) },
  ],
  'DELETE /roles/{}/permissions': async (server) => {
    const { roleId, body } = await makePermitted(server);
    return [
      { parameters: [roleId], body },
      { parameters: [roleId], body },
    ];
  },
  'GET /users/{}/permissions': async (server) => {
    const { userId } = await makePermitted(server);
    return [{ parameters: [userId] }, { parameters: [userId], query: wholePage }];
  },
  'POST /users/{}/permissions': async (server) => {
    const { userId } = await makeMember(server);
    return [{ parameters: [userId], body: await makePermission(server) }];
  },
  'DELETE /users/{}/permissions': async (server) => {
    const { userId, body } = await makePermitted(server);
    return [
      { parameters: [userId], body },
      { parameters: [userId], body },
    ];
  },
};
