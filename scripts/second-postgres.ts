import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { provideBinaries } from '../packages/server/src/platform/database/embedded/binaries.ts';
import { choosePostgresUser } from '../packages/server/src/platform/database/embedded/operating-system-user.ts';

export interface SecondPostgres {
  readonly url: string;
  readonly version: string;
  stop(): Promise<void>;
}

/**
 * A throw-away PostgreSQL that listens on loopback, as a server of the operator's own would: of the version that the
 * machine has (15 or newer), else the one that npm brought.
 */
export async function startSecondPostgres(): Promise<SecondPostgres> {
  const user = choosePostgresUser();
  const { initdb, postgres } = findInstalled() ?? (await provideBinaries(user));
  const folder = mkdtempSync(join(tmpdir(), 'muster-second-'));
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  execFileSync(
    initdb,
    ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { stdio: 'ignore', cwd: folder, ...identity },
  );
  const port = await findFreePort();
  const server = spawn(
    postgres,
    [
      '-D',
      data,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `port=${port}`,
      '-c',
      `unix_socket_directories=${folder}`,
      '-c',
      'fsync=off',
    ],
    { stdio: 'ignore', cwd: folder, ...identity },
  );
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const version = await waitUntilReady(url);
  return {
    url,
    version,
    stop: async () => {
      server.kill('SIGINT');
      await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian keeps its versions here; the newest that Muster supports. */
function findInstalled(): { initdb: string; postgres: string } | undefined {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).map(Number) : [];
  const newest = Math.max(...versions.filter((version) => version >= 15), 0);
  const binaries = join(base, String(newest), 'bin');
  return existsSync(join(binaries, 'initdb')) && existsSync(join(binaries, 'postgres'))
    ? { initdb: join(binaries, 'initdb'), postgres: join(binaries, 'postgres') }
    : undefined;
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}

async function waitUntilReady(url: string): Promise<string> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
      await client.end();
      return rows[0]?.server_version ?? 'unknown';
    } catch (error) {
      await client.end().catch(() => undefined); // it never began
      if (Date.now() > deadline) throw error;
      await wait(50);
    }
  }
}
