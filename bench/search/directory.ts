import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type OpenDatabase, openDatabase } from '../../packages/server/src/platform/database/database.ts';
import { findRunningPostgres } from '../../packages/server/src/platform/database/embedded/index.ts';
import { benchEnvironment, fetchToken, makeFolder, startServer } from '../servers.ts';
import { type Client, openClient } from './measure.ts';

const root = resolve(import.meta.dirname, '../..');

export interface Directory {
  readonly client: Client;
  /** A connection to the embedded database, beside the server's. */
  readonly database: pg.Client;
  /** The same as the server's own code takes it. */
  readonly typed: OpenDatabase['database'];
  /** Seconds that loading took; 0 when the users were there. */
  readonly loadSeconds: number;
  /** Seconds that PostgreSQL went on reading back what it held before its last stop. */
  readonly warmSeconds: number;
  close(): Promise<void>;
}

/**
 * A Muster with so many demo users on its embedded database; a given folder is kept, and filled only once.
 * @param publicUrl where browsers that sign in find it
 */
export async function openDirectory(
  users: number,
  port: number,
  keptFolder?: string,
  publicUrl: string = benchEnvironment.MUSTER_PUBLIC_URL,
): Promise<Directory> {
  const folder = keptFolder ?? (await makeFolder('search'));
  const environment = {
    ...benchEnvironment,
    MUSTER_PUBLIC_URL: publicUrl,
    MUSTER_DATA_DIR: folder,
    PORT: String(port),
    MUSTER_WORKERS: '1',
  };
  const startedAt = performance.now();
  const mark = join(folder, 'bench-users');
  const loaded = await readFile(mark, 'utf8').then(Number, () => 0);
  if (loaded < users) await loadUsers(users, environment);
  await writeFile(mark, String(Math.max(loaded, users)));
  const loadSeconds = (performance.now() - startedAt) / 1000;
  const server = await startServer('packages/server/src/main.ts', environment, /ready at/);
  const connection = await findRunningPostgres(folder);
  if (!connection) throw new Error('the embedded database cannot be found');
  const database = new pg.Client(connection);
  await database.connect();
  const warmSeconds = await waitForPages(database);
  const opened = openDatabase({ connection, poolSize: 1, statementTimeout: 60_000 });
  const client = openClient(port, await fetchToken(`http://127.0.0.1:${port}`, publicUrl));
  return {
    client,
    database,
    typed: opened.database,
    loadSeconds,
    warmSeconds,
    close: async () => {
      client.close();
      await database.end();
      await opened.close();
      server.kill('SIGTERM');
      await new Promise((settle) => server.on('exit', settle));
      if (keptFolder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function waitForPages(database: pg.Client): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const { rowCount } = await database.query(
      "SELECT FROM pg_stat_activity WHERE backend_type = 'autoprewarm worker'",
    );
    if (rowCount === 0) return (performance.now() - startedAt) / 1000;
    await delay(200);
  }
}

/** The command leaves people alone who are there already. */
async function loadUsers(users: number, environment: Record<string, string>): Promise<void> {
  const command = spawn(
    process.execPath,
    [join(root, 'packages/server/src/command.ts'), 'demo-users', '--count', String(users)],
    { env: { PATH: process.env['PATH'], ...environment }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const code = await new Promise((settle) => command.on('exit', settle));
  if (code !== 0) throw new Error(`loading users ended with ${code}`);
}
