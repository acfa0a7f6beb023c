import { listEvents, newEmail, post } from './accounts-fixture.ts';
import { createClient, createUser, database, type TestClient } from './sign-in-fixture.ts';
import { startTestServer, type TestAnswer, type TestServer } from './test-server.ts';

export const here = '203.0.113.7';
export const there = '198.51.100.9';
export const settingsPath = '/attack-protection/brute-force-protection';
export const defaultSettings = {
  enabled: true,
  shields: ['block', 'user_notification'],
  allowlist: [],
  mode: 'count_per_identifier_and_ip',
  max_attempts: 10,
};

export interface GuessedUser {
  readonly id: string;
  readonly email: string;
}

export interface Block {
  readonly identifier: string;
  /** Absent where attempts count together from all addresses. */
  readonly ip?: string;
  readonly connection: string;
}

/** A server, what guesses passwords there, and what came of it. */
export interface BruteForceFixture {
  readonly server: TestServer;
  /** Trusted to say from which address a password comes. */
  readonly application: TestClient;
  /** Changes the settings of the protection. @returns all of them */
  configure(change: Readonly<Record<string, unknown>>): Promise<unknown>;
  addUser(): Promise<GuessedUser>;
  /** Sends one password, from `here` and to the default database unless the options say otherwise. */
  attempt(
    username: string,
    typed: string,
    options?: { readonly ip?: string; readonly realm?: string },
  ): Promise<TestAnswer>;
  /** Wrong passwords one after the other. @returns their statuses */
  guess(username: string, times: number, ip?: string): Promise<number[]>;
  listBlocks(identifier: string, query?: Readonly<Record<string, boolean>>): Promise<Block[]>;
  /** Of a user, by the id. */
  listBlocksOf(id: string): Promise<Block[]>;
  /** Of the log events about somebody, oldest first. */
  listEventTypes(email: string): Promise<string[]>;
}

export async function startBruteForceFixture(): Promise<BruteForceFixture> {
  const server = await startTestServer();
  const application = await createClient(server, {
    is_token_endpoint_ip_header_trusted: true,
    token_endpoint_auth_method: 'client_secret_post',
  });

  const attempt: BruteForceFixture['attempt'] = (username, typed, options = {}) =>
    post(
      server,
      '/oauth/token',
      {
        grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
        realm: options.realm ?? database,
        username,
        password: typed,
        client_id: application.id,
        client_secret: application.secret,
      },
      { 'auth0-forwarded-for': options.ip ?? here },
    );

  return {
    server,
    application,
    attempt,
    configure: async (change) => {
      const answer = await server.request('PATCH', settingsPath, { body: change });
      if (answer.status !== 200) throw new Error(`no change of the settings: ${answer.text}`);
      return answer.body;
    },
    addUser: async () => {
      const email = newEmail();
      return { id: await createUser(server, email), email };
    },
    guess: async (username, times, ip = here) => {
      const statuses = [];
      for (let round = 0; round < times; round++)
        statuses.push((await attempt(username, `wrong ${round}`, { ip })).status);
      return statuses;
    },
    listBlocks: async (identifier, query = {}) =>
      (await server.request('GET', '/user-blocks', { query: { identifier, ...query } })).body.blocked_for,
    listBlocksOf: async (id) =>
      (await server.request('GET', `/user-blocks/${encodeURIComponent(id)}`)).body.blocked_for,
    listEventTypes: async (email) => (await listEvents(server, email)).map(({ type }) => type),
  };
}
