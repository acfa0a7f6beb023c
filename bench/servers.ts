import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbeddedPostgres } from '../packages/server/src/platform/database/embedded/index.ts';

const root = resolve(import.meta.dirname, '..');
export const managementClient = { id: 'bench', secret: 'bench-secret-0123456789-0123456789' };

/** Settings under which the benchmarks start Muster; all else is the default, request logs included. */
export const benchEnvironment = {
  HOST: '127.0.0.1',
  MUSTER_PUBLIC_URL: 'http://muster.bench',
  MUSTER_MANAGEMENT_CLIENT_ID: managementClient.id,
  MUSTER_MANAGEMENT_CLIENT_SECRET: managementClient.secret,
  MUSTER_SECRET_KEY: 'a secret key for benchmarks, 32 characters or more',
  MUSTER_ADMIN_PASSWORD: 'bench-administrator-1',
};

export interface BenchDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** A temporary folder that the database's user may enter too: else its files are elsewhere, and outlive the folder. */
export async function makeFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `muster-bench-${name}-`));
  await chmod(folder, 0o755);
  return folder;
}

/** An embedded database of its own in a temporary folder, which goes with it. */
export async function startBenchDatabase(): Promise<BenchDatabase> {
  const folder = await makeFolder('database');
  const database = await openDataFolder(join(folder, 'data'));
  return {
    url: database.url,
    stop: async () => {
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The embedded database of a data folder that no Muster is running on. */
export async function openDataFolder(dataFolder: string): Promise<BenchDatabase> {
  const embedded = await startEmbeddedPostgres({ dataFolder });
  const { user, password, host, port, database } = embedded.connection;
  return {
    url: `postgresql://${user}:${encodeURIComponent(password)}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
    stop: () => embedded.stop(),
  };
}

/** Starts a script as a server process and waits for the line that says it is ready. */
export async function startServer(
  script: string,
  environment: Record<string, string>,
  readyLine: RegExp,
): Promise<ChildProcess> {
  const server = spawn(process.execPath, [join(root, script)], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((settle, reject) => {
    let text = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      if (text.length < 10_000) text += chunk.toString();
      if (readyLine.test(text)) settle();
    });
    server.on('exit', (code) => reject(new Error(`${script} ended with ${code}: ${text}`)));
  });
  return server;
}

export async function fetchToken(
  url: string,
  publicUrl: string = benchEnvironment.MUSTER_PUBLIC_URL,
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: managementClient.id,
    client_secret: managementClient.secret,
    audience: `${publicUrl}/api/v2/`,
  });
  const answer: unknown = await (await fetch(`${url}/oauth/token`, { method: 'POST', body })).json();
  if (typeof answer === 'object' && answer !== null && 'access_token' in answer)
    return String(answer.access_token);
  throw new Error(`no token: ${JSON.stringify(answer)}`);
}
