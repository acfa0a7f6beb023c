import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { openDatabase } from '../database/database.ts';
import { createHttpServer } from '../http/http-server.ts';
import { registerTelemetryRoutes } from './routes.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ MUSTER_RATE_LIMIT: '1' });
});
afterAll(() => server?.close());

describe('what operators ask', () => {
  test('/healthz answers that the process lives, to anybody and without limit', async () => {
    for (let round = 0; round < 5; round++) {
      const { status, body } = await server.fetchRaw('GET', '/healthz');
      expect([status, body]).toEqual([200, { status: 'ok' }]);
    }
    expect((await server.fetchRaw('HEAD', '/healthz')).status).toBe(200);
  });

  test('/readyz answers that the database does', async () => {
    const { status, body } = await server.fetchRaw('GET', '/readyz');
    expect([status, body]).toEqual([200, { status: 'ok' }]);
  });

  test('/readyz is a 503 without details when the database cannot be reached', async () => {
    const opened = openDatabase({
      connection: { host: '127.0.0.1', port: 1, user: 'nobody' },
      poolSize: 1,
      statementTimeout: 1000,
    });
    const alone = createHttpServer({ logger: pino({ level: 'silent' }), bodyLimit: 1024, trustProxy: false });
    registerTelemetryRoutes(alone, { database: opened.database });
    const answer = await alone.inject({ method: 'GET', url: '/readyz' });
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { status: 'unavailable', reason: 'database_unavailable' },
    ]);
    expect((await alone.inject({ method: 'GET', url: '/healthz' })).statusCode).toBe(200);
    await alone.close();
    await opened.close();
  });

  test('/readyz is a 503 within two seconds when the database does not answer', async () => {
    const { connection } = server.testDatabase;
    const opened = openDatabase({ connection, poolSize: 1, statementTimeout: 60_000 });
    const alone = createHttpServer({ logger: pino({ level: 'silent' }), bodyLimit: 1024, trustProxy: false });
    registerTelemetryRoutes(alone, { database: opened.database });
    // Holds the pool's only connection.
    const busy = await opened.database.startTransaction().execute();
    const startedAt = performance.now();
    const answer = await alone.inject({ method: 'GET', url: '/readyz' });
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { status: 'unavailable', reason: 'database_timeout' },
    ]);
    expect(performance.now() - startedAt).toBeLessThan(4000);
    await busy.rollback().execute();
    await alone.close();
    await opened.close();
  });

  test('/metrics tells how long requests took by method, route pattern and class of status', async () => {
    await server.request('GET', '/users/auth0%7Csomebody');
    await server.fetchRaw('GET', '/nowhere/at/all');
    const { status, text, headers } = await server.fetchRaw('GET', '/metrics');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/v2\/users\/:id",status="4xx"\} 1/,
    );
    expect(text).toMatch(/http_request_duration_seconds_count\{method="GET",route="none",status="4xx"\} 1/);
    expect(text).not.toContain('somebody');
    expect(text).toContain('process_cpu_seconds_total');
  });

  test('/metrics counts the requests that are running, itself included', async () => {
    const { text } = await server.fetchRaw('GET', '/metrics');
    expect(text).toMatch(/^http_requests_in_flight 1$/m);
  });
});
