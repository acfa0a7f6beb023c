import { randomBytes } from 'node:crypto';
import { applyLoad, type Load, median } from './load.ts';
import {
  benchEnvironment,
  fetchToken,
  managementClient,
  startBenchDatabase,
  startServer,
} from './servers.ts';

const seconds = Number(process.env['BENCH_SECONDS'] ?? 4);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const prepared = 2_000;
const ports = { muster: 4801, bare: 4802 };

type Shape = 'GET /users/{id}' | 'POST /users' | 'PATCH /users/{id} (metadata)';
const shapes: readonly Shape[] = ['GET /users/{id}', 'POST /users', 'PATCH /users/{id} (metadata)'];

/** Muster beside a bare server that runs the same statements, in turn, at 1 and 16 connections. */
export async function benchUsers(say: (line: string) => void): Promise<void> {
  const database = await startBenchDatabase();
  const muster = await startServer(
    'packages/server/src/main.ts',
    { ...benchEnvironment, DATABASE_URL: database.url, PORT: String(ports.muster), MUSTER_WORKERS: '1' },
    /ready at/,
  );
  const bare = await startServer(
    'bench/bare-server.ts',
    { DATABASE_URL: database.url, PORT: String(ports.bare) },
    /ready/,
  );
  try {
    const token = await fetchToken(`http://127.0.0.1:${ports.muster}`);
    const ids = await prepareUsers(token);
    say(
      `${rounds} rounds of ${seconds} s each, in turn; answers per second (median), p50 and p99 in ms, ratio of the medians`,
    );
    for (const shape of shapes) {
      for (const connections of [1, 16]) say(await compare(shape, connections, token, ids));
    }
  } finally {
    muster.kill('SIGTERM');
    bare.kill('SIGTERM');
    await new Promise((settle) => muster.on('exit', settle));
    await database.stop();
  }
}

async function prepareUsers(token: string): Promise<string[]> {
  const url = `http://127.0.0.1:${ports.muster}/api/v2`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  await fetch(`${url}/connections`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: 'email', strategy: 'email', enabled_clients: [managementClient.id] }),
  });
  const ids: string[] = [];
  for (let index = 0; index < prepared; index++) {
    const answer = await fetch(`${url}/users`, { method: 'POST', headers, body: newUser() });
    const user: unknown = await answer.json();
    if (typeof user !== 'object' || user === null || !('user_id' in user))
      throw new Error(`no user: ${JSON.stringify(user)}`);
    ids.push(encodeURIComponent(String(user.user_id)));
  }
  return ids;
}

async function compare(
  shape: Shape,
  connections: number,
  token: string,
  ids: readonly string[],
): Promise<string> {
  const results = { muster: [] as number[], bare: [] as number[] };
  const latencies = {
    muster: { p50: [] as number[], p99: [] as number[] },
    bare: { p50: [] as number[], p99: [] as number[] },
  };
  for (let round = 0; round <= rounds; round++) {
    for (const server of ['muster', 'bare'] as const) {
      const result = await applyLoad({
        ...makeLoad(shape, ids),
        url: `http://127.0.0.1:${ports[server]}`,
        connections,
        seconds: round === 0 ? 2 : seconds,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
      if (round === 0) continue; // warm-up
      results[server].push(result.rate);
      latencies[server].p50.push(result.p50);
      latencies[server].p99.push(result.p99);
    }
  }
  const describe = (server: 'muster' | 'bare') =>
    `${server} ${Math.round(median(results[server]))}/s (${median(latencies[server].p50)}/${median(latencies[server].p99)})`;
  const ratio = median(results.muster) / median(results.bare);
  return `${shape.padEnd(30)} ${String(connections).padStart(2)} connections  ${describe('muster')}  ${describe('bare')}  ratio ${ratio.toFixed(2)}`;
}

function makeLoad(shape: Shape, ids: readonly string[]): Pick<Load, 'method' | 'next'> {
  let counter = 0;
  const nextId = () => ids[counter++ % ids.length] ?? '';
  switch (shape) {
    case 'GET /users/{id}':
      return { method: 'GET', next: () => ({ path: `/api/v2/users/${nextId()}` }) };
    case 'POST /users':
      return { method: 'POST', next: () => ({ path: '/api/v2/users', body: newUser() }) };
    default:
      return {
        method: 'PATCH',
        next: () => ({
          path: `/api/v2/users/${nextId()}`,
          body: JSON.stringify({ app_metadata: { plan: 'pro', seen: counter } }),
        }),
      };
  }
}

function newUser(): string {
  return JSON.stringify({
    connection: 'email',
    email: `${randomBytes(8).toString('hex')}@example.com`,
    verify_email: false,
    user_metadata: { colour: 'blue', address: { city: 'Berlin', zip: '10115' } },
    app_metadata: { plan: 'free', roles: ['member'] },
  });
}
