import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { TestAnswer, TestServer } from './test-server.ts';

export const goodPassword = 'Correct-horse-9';

/** An address that nobody has. */
export const newEmail = () => `${randomUUID()}@example.com`;

/** Makes a database connection that a client may use. @returns its id */
export async function createDatabase(
  server: TestServer,
  name: string,
  clientId: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const made = await server.request('POST', '/connections', { body: { name, strategy: 'auth0', options } });
  if (made.status !== 201) throw new Error(`no connection: ${made.text}`);
  const changed = await server.request('PATCH', `/connections/${made.body.id}/clients`, {
    body: [{ client_id: clientId, status: true }],
  });
  if (changed.status !== 204) throw new Error(`the client was not enabled: ${changed.text}`);
  return made.body.id;
}

/** Posts JSON to an endpoint that anybody may call. */
export function post(
  server: TestServer,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<TestAnswer> {
  return server.fetchRaw('POST', path, {
    payload: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
}

export interface LoggedEvent {
  readonly type: string;
  readonly description: string | null;
  readonly user_id: string | null;
  readonly client_id: string | null;
  readonly ip: string | null;
  readonly details: unknown;
}

/** Log events about somebody, oldest first. */
export async function listEvents(server: TestServer, userName: string): Promise<LoggedEvent[]> {
  const { rows } = await sql<LoggedEvent>`
    SELECT type, description, user_id, client_id, ip, details FROM logs WHERE user_name = ${userName}
    ORDER BY log_id`.execute(server.database);
  return rows;
}
