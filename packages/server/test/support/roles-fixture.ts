import { type administratorRoles, managementScopes } from '@muster/contract';
import { createUser } from './sign-in-fixture.ts';
import { signUserToken } from './sign-user-token.ts';
import { startTestServer, type TestAnswer, type TestServer } from './test-server.ts';

export type Role = (typeof administratorRoles)[number];

export const dashboard = 'muster-dashboard';

/** A server, and a user of each role there. */
export interface RolesFixture {
  readonly server: TestServer;
  /** Their ids; the owner is `owner@example.com`, and so on. */
  readonly users: Readonly<Record<Role, string>>;
  /** Sends a token of theirs for the dashboard that names every scope. */
  requestAs(
    role: Role,
    method: Parameters<TestServer['request']>[0],
    path: string,
    body?: unknown,
  ): Promise<TestAnswer>;
}

export async function startRolesFixture(): Promise<RolesFixture> {
  const server = await startTestServer();
  const users = await makeForEachRole(async (role) => {
    const id = await createUser(server, `${role}@example.com`);
    await server.request('PUT', buildPath('administrators', id), { body: { role } });
    return id;
  });
  const tokens = await makeForEachRole((role) =>
    signUserToken(server, { subject: users[role], clientId: dashboard, scopes: managementScopes }),
  );
  return {
    server,
    users,
    requestAs: (role, method, path, body) =>
      server.request(method, path, { token: tokens[role], ...(body === undefined ? {} : { body }) }),
  };
}

async function makeForEachRole(make: (role: Role) => Promise<string>): Promise<Record<Role, string>> {
  return {
    owner: await make('owner'),
    administrator: await make('administrator'),
    support: await make('support'),
    auditor: await make('auditor'),
  };
}

/** Where a record is found, or what is below it. */
export function buildPath(resource: string, id: string, rest = ''): string {
  return `/${resource}/${encodeURIComponent(id)}${rest}`;
}
