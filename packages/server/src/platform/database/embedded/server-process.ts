import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { readFile, readlink, rename, rm, stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { PostgresBinaries } from './binaries.ts';
import { type Cluster, isAlive } from './cluster.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';

const megabyte = 1024 ** 2;
const largestLog = 10 * megabyte;

/** Settings by command line: they follow the version of Muster, not the age of the folder. */
function serverSettings(cluster: Cluster): string[] {
  const memory = totalmem();
  const sharedBuffers = Math.round(
    Math.min(Math.max(memory / 8, 128 * megabyte), 2048 * megabyte) / megabyte,
  );
  const settings = {
    listen_addresses: '',
    unix_socket_directories: cluster.socketFolder,
    unix_socket_permissions: '0700',
    max_connections: '100',
    shared_buffers: `${sharedBuffers}MB`,
    effective_cache_size: `${Math.round(memory / 2 / megabyte)}MB`,
    work_mem: '32MB',
    maintenance_work_mem: '256MB',
    random_page_cost: '1.1',
    jit: 'off',
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
    log_destination: 'stderr',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * Starts the server in a process group of its own, so that Ctrl-C in a terminal reaches it only through our orderly
 * stop. Whether it is up is seen by connecting.
 */
export async function spawnServer(
  binaries: PostgresBinaries,
  cluster: Cluster,
  user: OperatingSystemUser | undefined,
): Promise<void> {
  const size = (await stat(cluster.logFile).catch(() => undefined))?.size ?? 0;
  if (size > largestLog) await rename(cluster.logFile, `${cluster.logFile}.1`);
  const log = openSync(cluster.logFile, 'a', 0o600);
  try {
    const server = spawn(binaries.postgres, ['-D', cluster.folder, ...serverSettings(cluster)], {
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: '/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C' },
      cwd: cluster.folder,
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    });
    server.on('error', () => undefined); // seen as a server that does not answer, with its log
    server.unref();
  } finally {
    closeSync(log);
  }
}

/** The postmaster of this cluster, if it lives. A pid that was taken over by another program does not count. */
export async function findServerPid(cluster: Cluster): Promise<number | undefined> {
  const text = await readFile(join(cluster.folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  if (process.platform !== 'linux') return pid;
  // The postmaster's working folder is its cluster; reading the link needs the same user or root, which we are.
  const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return workingFolder === cluster.folder ? pid : undefined;
}

/** After a crash of the machine, or in a container, the old pid may belong to somebody else: PostgreSQL would refuse to start. */
export async function removeStalePidFile(cluster: Cluster): Promise<void> {
  if ((await findServerPid(cluster)) === undefined)
    await rm(join(cluster.folder, 'postmaster.pid'), { force: true });
}

/** Milliseconds before a stop is no longer polite. */
const politeStop = 30_000;

/** Fast shutdown: sessions end, data is flushed. Waits until the process is gone. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const pid = await findServerPid(cluster);
  if (pid === undefined) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + politeStop;
  while ((await findServerPid(cluster)) !== undefined) {
    if (Date.now() > deadline) process.kill(pid, 'SIGQUIT');
    await wait(10);
  }
}

export function readLogTail(cluster: Cluster): string {
  try {
    return readFileSync(cluster.logFile, 'utf8').slice(-2_000);
  } catch {
    return ''; // no log, no words
  }
}
