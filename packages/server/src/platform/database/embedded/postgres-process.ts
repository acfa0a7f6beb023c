import { execFile, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './binaries.ts';
import { childProcessOptions, explainSpawnError } from './child-process.ts';
import { logSize, readLogTail, rotateLog } from './log-file.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import { isServerOf } from './postmaster-file.ts';
import { chooseSettings } from './settings.ts';
import { prepareSocketFolder } from './socket-folder.ts';

/** What a server of one cluster needs to be started and stopped. */
export interface ServerPlace {
  readonly dataFolder: string;
  readonly clusterFolder: string;
  readonly binaries: PostgresBinaries;
  readonly user: OperatingSystemUser | undefined;
  /** MiB for its pages, where they are given. */
  readonly memory: number | undefined;
  readonly logFile: string;
}

export interface LaunchedServer {
  readonly pid: number | undefined;
  /** Set once the process has ended, or when it could not even begin. */
  readonly failure: () => Error | undefined;
  /** What it has logged. */
  readonly log: () => Promise<string>;
}

/** Milliseconds; the shutdown checkpoint of a busy server on a slow disk takes its time. */
const fastShutdownLimit = 30_000;
const immediateShutdownLimit = 10_000;

/**
 * Starts PostgreSQL on a cluster and returns at once. It gets its own process group, out of reach of the Ctrl-C of
 * a terminal, so that Muster decides the order of stopping; and it does not keep Node alive.
 */
export async function launchServer(
  place: ServerPlace,
  stalePid: number | undefined,
): Promise<LaunchedServer> {
  const { clusterFolder, binaries, user, memory, logFile } = place;
  const listening =
    process.platform === 'win32'
      ? { socketFolder: undefined, port: await findFreePort() }
      : { socketFolder: await prepareSocketFolder(clusterFolder, user), port: 5432 };
  const settings = await chooseSettings(listening, { libraries: binaries.libraries, memory });
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // PostgreSQL takes a lock file for stale when it names an ancestor, and removes it itself. By pg_ctl's own variable
  // it is told of a pid that now belongs to something else; deleting the file here could hit that of a new server.
  const environment = stalePid === undefined ? {} : { PG_GRANDPARENT_PID: String(stalePid) };
  await rotateLog(logFile);
  const logStart = await logSize(logFile);
  const log = await open(logFile, 'a', 0o600);
  try {
    let failure: Error | undefined;
    const child = spawn(binaries.postgres, ['-D', clusterFolder, ...words], {
      ...childProcessOptions(clusterFolder, user, environment),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.on('error', (error) => {
      failure = explainSpawnError(error, user);
    });
    child.on('exit', (code, signal) => {
      failure ??= new Error(`PostgreSQL ended with ${signal ?? code}`);
    });
    child.unref();
    return { pid: child.pid, failure: () => failure, log: () => readLogTail(logFile, logStart) };
  } finally {
    await log.close();
  }
}

/** Stops the server `pid` of a cluster: fast, or after 30 s immediately, and waits for its end. */
export async function stopServer(place: ServerPlace, pid: number): Promise<void> {
  if (process.platform === 'win32') {
    // There are no signals; untested.
    await promisify(execFile)(place.binaries.pgCtl, ['stop', '-m', 'fast', '-w', '-D', place.clusterFolder]);
    return;
  }
  if (await endBy(place, pid, 'SIGINT', fastShutdownLimit)) return;
  await endBy(place, pid, 'SIGQUIT', immediateShutdownLimit);
}

async function endBy(
  place: ServerPlace,
  pid: number,
  signal: NodeJS.Signals,
  limit: number,
): Promise<boolean> {
  const deadline = Date.now() + limit;
  if (await isServerOf(place.clusterFolder, pid)) process.kill(pid, signal);
  while (await isServerOf(place.clusterFolder, pid)) {
    if (Date.now() > deadline) return false;
    await delay(10);
  }
  return true;
}

async function findFreePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer().once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    server.close(() => resolve(port));
  });
  return promise;
}
