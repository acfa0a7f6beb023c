import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { verify } from '@node-rs/argon2';
import { readConfig } from '../../packages/server/src/config.ts';
import { hashPassword, type PasswordHashCost } from '../../packages/server/src/users/passwords/hash.ts';
import { applyLoad, median } from '../load.ts';
import { benchEnvironment, fetchToken, makeFolder, managementClient, startServer } from '../servers.ts';

const ports = { muster: 4820, bare: 4821 };
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const seconds = Number(process.env['BENCH_SECONDS'] ?? 5);
const people = 200;
const password = 'Correct-horse-9';
const realm = 'Username-Password-Authentication';
const audience = 'https://api.example.com/';

/**
 * Requests for tokens under way at once. With eight both servers wait for their client a fifth of the time or more; what is
 * measured is what they can do.
 */
const tokenConnections = 64;

type Say = (line: string) => void;

/** OWASP's minimum, for comparison: what else a sign-in costs counts for more where the hash is cheap. */
const cheapest: PasswordHashCost = { memory: 19, passes: 2 };

/**
 * Sign-ins by password beside the same hashes verified bare, and tokens by client credentials beside `oidc-provider` alone,
 * in turns; how late the server's event loop is meanwhile.
 */
export async function benchSignIn(say: Say): Promise<void> {
  say(`medians of ${rounds} rounds of ${seconds} s, each measured in turn`);
  const cost = readConfig({}).passwordHashCost;
  await withMuster(cost, async (muster, url) => {
    const client = await prepare(url);
    const lateAtSignIns = await compareSignIns(say, { cost, bar: 0.85 }, muster, url, client);
    const lateAtTokens = await compareTokens(say, muster, url, client);
    reportLoop(say, 'sign-ins', lateAtSignIns);
    reportLoop(say, 'tokens', lateAtTokens);
  });
  await withMuster(cheapest, async (muster, url) => {
    await compareSignIns(say, { cost: cheapest, bar: 0 }, muster, url, await prepare(url));
  });
}

async function withMuster(
  cost: PasswordHashCost,
  work: (muster: ChildProcess, url: string) => Promise<void>,
): Promise<void> {
  const folder = await makeFolder('sign-in');
  const muster = await startServer(
    'packages/server/src/main.ts',
    {
      ...benchEnvironment,
      MUSTER_DATA_DIR: folder,
      MUSTER_WORKERS: '1',
      MUSTER_LOG_LEVEL: 'warn',
      MUSTER_PASSWORD_MEMORY: String(cost.memory),
      MUSTER_PASSWORD_PASSES: String(cost.passes),
      PORT: String(ports.muster),
      NODE_OPTIONS: `--import ${join(import.meta.dirname, 'watch-loop.ts')}`,
    },
    /ready at/,
  );
  try {
    await work(muster, `http://127.0.0.1:${ports.muster}`);
  } finally {
    await stop(muster);
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param bar 0: none @returns how late the event loop was in each round */
async function compareSignIns(
  say: Say,
  { cost, bar }: { readonly cost: PasswordHashCost; readonly bar: number },
  muster: ChildProcess,
  url: string,
  client: BenchClient,
): Promise<number[]> {
  const signIns: number[] = [];
  const verifications: number[] = [];
  const late: number[] = [];
  for (let round = 0; round < rounds; round++) {
    verifications.push(await verifyBare(cost));
    // What it was late by before the load is nobody's concern.
    await askLoop(muster);
    signIns.push(await signInOverAndOver(url, client));
    late.push(await askLoop(muster));
  }
  const name = `sign-ins by password (argon2id, ${cost.memory} MiB, ${cost.passes} passes)`;
  report(say, name, signIns, 'the hash verified bare', verifications, bar);
  return late;
}

/** @returns how late the event loop was in each round */
async function compareTokens(
  say: Say,
  muster: ChildProcess,
  url: string,
  client: BenchClient,
): Promise<number[]> {
  const bare = await startServer('bench/sign-in/bare-provider.ts', { PORT: String(ports.bare) }, /ready/);
  const fetchBare = () => {
    const { id, secret } = managementClient;
    return fetchTokens(`http://127.0.0.1:${ports.bare}`, { id, secret });
  };
  try {
    // Both are asked for a while first: their code is compiled as it is used, and Muster's is the longer one.
    for (let round = 0; round < 2; round++) {
      await fetchTokens(url, client);
      await fetchBare();
    }
    const tokens: number[] = [];
    const bareTokens: number[] = [];
    const late: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await askLoop(muster);
      tokens.push(await fetchTokens(url, client));
      late.push(await askLoop(muster));
      bareTokens.push(await fetchBare());
    }
    report(say, 'tokens by client credentials', tokens, 'oidc-provider alone', bareTokens, 0.6);
    return late;
  } finally {
    await stop(bare);
  }
}

function report(
  say: Say,
  name: string,
  values: readonly number[],
  other: string,
  others: readonly number[],
  bar: number,
): void {
  const ratio = median(values.map((value, index) => value / (others[index] ?? Number.NaN)));
  const mark = ratio >= bar ? '' : `  MISSED ${bar}`;
  say(
    `${name}: ${median(values).toFixed(0)} a second; ${other}: ${median(others).toFixed(0)}; ratio ${ratio.toFixed(2)}${mark}`,
  );
}

/** Milliseconds that the event loop may be late by at p99. */
const loopBar = 50;

function reportLoop(say: Say, load: string, delays: readonly number[]): void {
  const worst = Math.max(...delays);
  say(
    `event loop under ${load}: late by ${median(delays).toFixed(1)} ms at p99, ${worst.toFixed(1)} in the worst round${worst <= loopBar ? '' : `  MISSED ${loopBar}`}`,
  );
}

/** @returns milliseconds at p99 since the last call (watch-loop.ts) */
async function askLoop(server: ChildProcess): Promise<number> {
  const answered = new Promise<number>((settle) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const [, late] = /^event loop late by ([\d.]+) ms/m.exec(text) ?? [];
      if (late === undefined) return;
      server.stdout?.off('data', read);
      settle(Number(late));
    };
    server.stdout?.on('data', read);
  });
  server.kill('SIGUSR2');
  return answered;
}

interface BenchClient {
  readonly id: string;
  readonly secret: string;
}

/** People, an API and an application that may ask for their passwords. */
async function prepare(url: string): Promise<BenchClient> {
  const token = await fetchToken(url);
  const call = async (method: string, path: string, body: unknown): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${url}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  };
  await call('POST', '/resource-servers', {
    identifier: audience,
    name: 'Bench',
    scopes: [{ value: 'read:things' }, { value: 'write:things' }],
  });
  const made = await call('POST', '/clients', {
    name: 'Bench',
    app_type: 'non_interactive',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['client_credentials', 'password', 'http://auth0.com/oauth/grant-type/password-realm'],
  });
  const client = { id: String(made['client_id']), secret: String(made['client_secret']) };
  await call('POST', '/client-grants', {
    client_id: client.id,
    audience,
    scope: ['read:things', 'write:things'],
  });
  const connections: unknown = await (
    await fetch(`${url}/api/v2/connections?name=${realm}`, { headers: { authorization: `Bearer ${token}` } })
  ).json();
  const connection: unknown = Array.isArray(connections) ? connections[0] : undefined;
  const id = String(Reflect.get(Object(connection), 'id'));
  await call('PATCH', `/connections/${id}/clients`, [{ client_id: client.id, status: true }]);
  for (let index = 0; index < people; index++)
    await call('POST', '/users', {
      connection: realm,
      email: addressOf(index),
      password,
      email_verified: true,
    });
  return client;
}

const addressOf = (index: number) => `person${index % people}@example.com`;

/** @returns verifications per second, on as many threads as there are cores */
async function verifyBare(cost: PasswordHashCost): Promise<number> {
  const hashed = await hashPassword(password, cost);
  const until = performance.now() + seconds * 1000;
  let count = 0;
  const work = async () => {
    while (performance.now() < until) {
      await verify(hashed, password);
      count++;
    }
  };
  await Promise.all(Array.from({ length: Math.max(availableParallelism(), 4) }, work));
  return count / seconds;
}

async function signInOverAndOver(url: string, client: BenchClient): Promise<number> {
  let index = 0;
  const { rate } = await applyLoad({
    url,
    method: 'POST',
    connections: 8,
    seconds,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    next: () => ({
      path: '/oauth/token',
      body: new URLSearchParams({
        grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
        realm,
        username: addressOf(index++),
        password,
        client_id: client.id,
        client_secret: client.secret,
        scope: 'openid profile email',
      }).toString(),
    }),
  });
  return rate;
}

async function fetchTokens(url: string, client: BenchClient): Promise<number> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.id,
    client_secret: client.secret,
    audience,
    resource: audience,
  }).toString();
  const { rate } = await applyLoad({
    url,
    method: 'POST',
    connections: tokenConnections,
    seconds,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    next: () => ({ path: '/oauth/token', body }),
  });
  return rate;
}

async function stop(server: ChildProcess): Promise<void> {
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
}
