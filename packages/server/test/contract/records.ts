import { testManagementClient } from '../support/test-config.ts';
import type { TestServer } from '../support/test-server.ts';

type Json = Record<string, unknown>;

/** One request to an operation: values for the `{…}` of its path in order, a query, a body. */
export interface Call {
  /** Parts of an import, sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  readonly parameters?: readonly string[];
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly body?: unknown;
  /** Of a user, where the management client may not call. */
  readonly token?: string;
}

/** How operations are called: a minimal and a rich request each, after making what they need. */
export type Exercises = Readonly<Record<string, (server: TestServer) => Promise<readonly Call[]>>>;

let counter = 0;
export function unique(prefix: string): string {
  counter += 1;
  return `${prefix}-${counter}`;
}

export const databaseName = 'Username-Password-Authentication';

export async function make(server: TestServer, path: string, body: Json): Promise<Json> {
  const answer = await server.request('POST', path, { body });
  if (answer.status !== 201) throw new Error(`POST ${path} answered ${answer.status} ${answer.text}`);
  return answer.body;
}

export const makeUser = async (server: TestServer): Promise<{ id: string; email: string }> => {
  const email = `${unique('contract')}@example.com`;
  const user = await make(server, '/users', { connection: databaseName, email, password: 'Correct-horse-9' });
  return { id: String(user['user_id']), email };
};
export const makeConnection = async (server: TestServer) =>
  String((await make(server, '/connections', { name: unique('store'), strategy: 'auth0' }))['id']);
export const makePopulatedConnection = async (server: TestServer) => {
  const [name, email] = [unique('populated'), `${unique('inhabitant')}@example.com`];
  const connection = await make(server, '/connections', {
    name,
    strategy: 'auth0',
    enabled_clients: [testManagementClient.id],
  });
  await make(server, '/users', { connection: name, email, password: 'Correct-horse-9' });
  return { id: String(connection['id']), email };
};
export const makeClient = async (server: TestServer) =>
  String((await make(server, '/clients', { name: unique('client') }))['client_id']);
export const makeApi = async (server: TestServer) => {
  const identifier = `https://${unique('api')}.example.com/`;
  const api = await make(server, '/resource-servers', {
    identifier,
    scopes: [{ value: 'read:things', description: 'Read things' }],
  });
  return { id: String(api['id']), identifier };
};
export const makeGrant = async (server: TestServer) => {
  const body = {
    client_id: await makeClient(server),
    audience: (await makeApi(server)).identifier,
    scope: ['read:things'],
  };
  return String((await make(server, '/client-grants', body))['id']);
};
