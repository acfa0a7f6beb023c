import { startTestServer, type TestAnswer, type TestServer } from './test-server.ts';

const database = 'Username-Password-Authentication';

/** A server, and what makes users and connections there. */
export interface UsersFixture {
  readonly server: TestServer;
  /** An address that nobody here has. */
  newEmail(): string;
  /** Asks for a user of the database connection, with a new address and a password unless the body says otherwise. */
  create(body?: Record<string, unknown>): Promise<TestAnswer>;
  createConnection(name: string, strategy: string, options?: Record<string, unknown>): Promise<void>;
}

export async function startUsersFixture(): Promise<UsersFixture> {
  const server = await startTestServer();
  let counter = 0;
  const newEmail = () => {
    counter += 1;
    return `person${counter}@example.com`;
  };
  return {
    server,
    newEmail,
    create: (body = {}) =>
      server.request('POST', '/users', {
        body: { connection: database, email: newEmail(), password: 'Correct-horse-9', ...body },
      }),
    createConnection: async (name, strategy, options = {}) => {
      const answer = await server.request('POST', '/connections', {
        body: { name, strategy, options, enabled_clients: [server.config.managementClient.id] },
      });
      if (answer.status !== 201) throw new Error(`no connection: ${answer.text}`);
    },
  };
}

/** Where the user of an answer is found. */
export const pathOf = (answer: TestAnswer) => `/users/${encodeURIComponent(answer.body.user_id)}`;
