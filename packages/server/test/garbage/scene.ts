import { testManagementClient } from '../support/test-config.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import type { Json } from './schema-facts.ts';
import type { Receiver } from './wire.ts';

export const databaseName = 'Username-Password-Authentication';

/** Ids of records that garbage may name, by the first segment of their paths. */
export type KnownIds = ReadonlyMap<string, readonly string[]>;

/** A server that listens, with records of every kind. */
export interface Scene extends Receiver {
  readonly server: TestServer;
  readonly known: KnownIds;
}

export async function setScene(): Promise<Scene> {
  const server = await startTestServer();
  const token = await server.getToken();
  const known = await seedRecords(server);
  await server.app.server.listen({ port: 0, host: '127.0.0.1' });
  const address = server.app.server.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server listens nowhere');
  return { server, token, known, port: address.port };
}

/** Records that garbage may hit, change and delete. The caller's own client and grant are not among them. */
async function seedRecords(server: TestServer): Promise<KnownIds> {
  const known = new Map<string, string[]>();
  const make = async (kind: string, key: string, path: string, body: Json, status = 201): Promise<Json> => {
    const answer = await server.request('POST', path, { body });
    if (answer.status !== status) throw new Error(answer.text);
    known.set(kind, [...(known.get(kind) ?? []), String(answer.body[key])]);
    return answer.body;
  };
  for (let index = 0; index < 12; index += 1) {
    await make('users', 'user_id', '/users', {
      connection: databaseName,
      email: `seed${index}@example.com`,
      password: 'Correct-horse-9',
    });
    await make('connections', 'id', '/connections', {
      name: `seed-${index}`,
      strategy: 'auth0',
      enabled_clients: [testManagementClient.id],
    });
    const client = await make('clients', 'client_id', '/clients', { name: `seed ${index}` });
    const api = await make('resource-servers', 'id', '/resource-servers', {
      identifier: `https://seed${index}.example.com/`,
      scopes: [{ value: 'read:it' }],
    });
    await make('client-grants', 'id', '/client-grants', {
      client_id: client['client_id'],
      audience: api['identifier'],
      scope: ['read:it'],
    });
    await make('roles', 'id', '/roles', { name: `seed ${index}` }, 200);
  }
  const logs = await server.request('GET', '/logs', { query: { per_page: 5 } });
  known.set(
    'logs',
    logs.body.map((log: { log_id: string }) => log.log_id),
  );
  const keys = await server.request('GET', '/keys/signing');
  // Not the current key's id: revoking what signed the test's token would turn the rest into 401s.
  known.set(
    'keys',
    keys.body.filter((key: { current?: boolean }) => !key.current).map((key: { kid: string }) => key.kid),
  );
  return known;
}
