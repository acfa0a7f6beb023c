import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, vi } from 'vitest';
import { managementAudience, testManagementClient } from './test-config.ts';
import { testDatabaseMemory } from './test-database-memory.ts';

const root = resolve(import.meta.dirname, '../../../..');

export interface SpawnedServer {
  readonly process: ChildProcess;
  /** What it printed so far, both streams. */
  readonly output: () => string;
  /** Resolves with the base URL at the ready line; rejects when the process ends before. */
  readonly ready: Promise<string>;
  readonly exited: Promise<number | NodeJS.Signals>;
}

export interface SpawnOptions {
  readonly uid?: number;
  readonly gid?: number;
  readonly program?: 'main' | 'command';
  /** Starts what the repository has, which takes three times as long, instead of what a release has. */
  readonly isFromSources?: boolean;
  readonly words?: readonly string[];
  /** Of the repository, or of a release. */
  readonly folder?: string;
}

/**
 * Starts Muster as an operator does: a process of its own with an environment. `PORT=0` unless set. What is started was made of
 * the sources at the beginning of the run.
 */
export function spawnServer(environment: Record<string, string>, options: SpawnOptions = {}): SpawnedServer {
  const { program = 'main', isFromSources = false, words = [], folder = root } = options;
  const path = isFromSources ? `src/${program}.ts` : `dist/${program}.js`;
  const child = spawn(process.execPath, [join(folder, 'packages/server', path), ...words], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      HOST: '127.0.0.1',
      MUSTER_LOG_LEVEL: 'error',
      MUSTER_DATABASE_MEMORY: String(testDatabaseMemory),
      MUSTER_PUBLIC_URL: 'http://muster.test',
      MUSTER_ADMIN_PASSWORD: 'Test-administrator-1',
      MUSTER_MANAGEMENT_CLIENT_ID: testManagementClient.id,
      MUSTER_MANAGEMENT_CLIENT_SECRET: testManagementClient.secret,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  let text = '';
  const exited = new Promise<number | NodeJS.Signals>((settle) => {
    child.on('close', (code, signal) => settle(code ?? signal ?? 'SIGKILL'));
  });
  const ready = new Promise<string>((settle, reject) => {
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const [, url] = /ready at (\S+) after/.exec(text) ?? [];
      if (url) settle(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void exited.then((code) => reject(new Error(`the server ended (${code}) before it was ready: ${text}`)));
  });
  ready.catch(() => undefined); // callers that only wait for the end do not look at it
  return { process: child, output: () => text, ready, exited };
}

/** Stops it as an operator does, and expects that nothing goes wrong. */
export async function stop(server: SpawnedServer): Promise<void> {
  server.process.kill('SIGTERM');
  expect(await server.exited).toBe(0);
}

/** A token of the management client, over HTTP. */
export async function fetchToken(url: string): Promise<string> {
  const answer = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: testManagementClient.id,
      client_secret: testManagementClient.secret,
      audience: managementAudience,
    }),
  });
  const body: unknown = await answer.json();
  if (
    typeof body === 'object' &&
    body !== null &&
    'access_token' in body &&
    typeof body.access_token === 'string'
  )
    return body.access_token;
  throw new Error(`no token: ${JSON.stringify(body)}`);
}

/** Asks for a user of that id. @returns the status of the answer */
export async function createUser(url: string, token: string, id: string): Promise<number> {
  const answer = await fetch(`${url}/api/v2/users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      connection: 'Username-Password-Authentication',
      user_id: id,
      email: `${id}@example.com`,
      password: 'Correct-horse-9',
      verify_email: false,
    }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** Whether the user of that id is there. */
export async function hasUser(url: string, token: string, id: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/v2/users/${encodeURIComponent(`auth0|${id}`)}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await answer.arrayBuffer();
  return answer.status === 200;
}

/** Imports one user by a job. @returns what its job came to */
export async function runImport(url: string): Promise<{ status?: unknown; summary?: unknown }> {
  const authorization = `Bearer ${await fetchToken(url)}`;
  const fetchJson = async (path: string, init: RequestInit = {}) =>
    Object(await (await fetch(`${url}/api/v2/${path}`, { ...init, headers: { authorization } })).json());
  const form = new FormData();
  form.set('users', new Blob([JSON.stringify([{ email: 'job@example.com' }])]), 'users.json');
  form.set('connection_id', (await fetchJson('connections'))[0].id);
  const { id } = await fetchJson('jobs/users-imports', { method: 'POST', body: form });
  return vi.waitFor(
    async () => {
      const job = await fetchJson(`jobs/${id}`);
      if (['pending', 'processing'].includes(job.status)) throw new Error(`still ${job.status}`);
      return job;
    },
    { timeout: 60_000, interval: 100 },
  );
}
