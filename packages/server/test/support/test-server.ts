import type { Readable } from 'node:stream';
import { pino } from 'pino';
import { inject } from 'vitest';
import { type App, type AppOptions, createApp } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { createSecretBox } from '../../src/platform/secrets/secret-box.ts';
import { testConfig, testManagementClient, testSecretKey } from './test-config.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

export interface TestAnswer {
  readonly status: number;
  /** The parsed JSON body, `undefined` when there is none. Untyped on purpose: tests look at the wire. */
  // biome-ignore lint/suspicious/noExplicitAny: the wire is what is under test
  readonly body: any;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

export interface TestRequest {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** The token's scopes; default: every scope of the Management API. */
  readonly scopes?: readonly string[];
  /** A token to send instead; `null` sends none. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestServer {
  readonly app: App;
  readonly database: Database;
  readonly testDatabase: TestDatabase;
  readonly config: Config;
  /** Calls the Management API; `path` is below `/api/v2`. */
  request(method: Method, path: string, request?: TestRequest): Promise<TestAnswer>;
  /** Any other path, as it is. */
  fetchRaw(
    method: Method,
    url: string,
    request?: { payload?: string | Buffer | Readable; headers?: Record<string, string> },
  ): Promise<TestAnswer>;
  getToken(scopes?: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** The whole application on a database of its own, called without a socket. */
export async function startTestServer(
  environment: Record<string, string> = {},
  parts: Pick<AppOptions, 'signInSteps'> = {},
): Promise<TestServer> {
  const config = testConfig(environment);
  const { searchTimeout } = config;
  const testDatabase = await createTestDatabase(inject('postgres'), { searchTimeout });
  const app = await createApp({
    config,
    database: testDatabase.database,
    searchDatabase: testDatabase.searchDatabase,
    preparedSearchDatabase: testDatabase.preparedSearchDatabase,
    secrets: createSecretBox(testSecretKey),
    logger: pino({ level: config.logLevel }),
    ...parts,
  });
  await app.server.ready();
  const tokens = new Map<string, string>();

  const fetchRaw: TestServer['fetchRaw'] = async (method, url, request = {}) => {
    const answer = await app.server.inject({
      method,
      url,
      headers: { host: new URL(config.publicUrl).host, ...request.headers },
      ...(request.payload === undefined ? {} : { payload: request.payload }),
    });
    const isJson = /json/.test(String(answer.headers['content-type'])) && answer.payload !== '';
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.payload,
      body: isJson ? JSON.parse(answer.payload) : undefined,
    };
  };

  const getToken: TestServer['getToken'] = async (scopes) => {
    const key = scopes?.join(' ') ?? '';
    const known = tokens.get(key);
    if (known) return known;
    const answer = await fetchRaw('POST', '/oauth/token', {
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: testManagementClient.id,
        client_secret: testManagementClient.secret,
        audience: `${config.publicUrl}/api/v2/`,
        ...(key ? { scope: key } : {}),
      }),
    });
    if (answer.status !== 200) throw new Error(`no token: ${answer.text}`);
    tokens.set(key, answer.body.access_token);
    return answer.body.access_token;
  };

  return {
    app,
    database: testDatabase.database,
    testDatabase,
    config,
    fetchRaw,
    getToken,
    request: async (method, path, request = {}) => {
      const token = request.token === undefined ? await getToken(request.scopes) : request.token;
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(request.query ?? {})) {
        for (const item of Array.isArray(value) ? value : [value]) query.append(name, String(item));
      }
      const search = query.size > 0 ? `?${query}` : '';
      return fetchRaw(method, `/api/v2${path}${search}`, {
        ...(request.body === undefined ? {} : { payload: JSON.stringify(request.body) }),
        headers: {
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...request.headers,
        },
      });
    },
    close: async () => {
      await app.server.close();
      await testDatabase.drop();
    },
  };
}
