import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { provideBinaries } from './binaries.ts';
import { type Cluster, provideCluster, superuser } from './cluster.ts';
import { DataFolderInUseError, EmbeddedPostgresStartError } from './errors.ts';
import { choosePostgresUser } from './operating-system-user.ts';
import { findServerPid, readLogTail, removeStalePidFile, spawnServer, stopServer } from './server-process.ts';

export interface EmbeddedPostgresConnection {
  /** The folder of the Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface EmbeddedPostgres {
  readonly connection: EmbeddedPostgresConnection;
  /** `adopted`: a server that a killed process left behind was taken over. */
  readonly howStarted: 'started' | 'adopted';
  /** Gives up the ownership and stops the server, waiting for its end. Idempotent. */
  stop(): Promise<void>;
  /** Resolves with the end of its log when the server ends by itself, or drops our claim on it. */
  readonly unexpectedExit: Promise<string>;
}

export interface EmbeddedPostgresOptions {
  readonly dataFolder: string;
  /** Told what an operator should know, a line at a time. */
  readonly onNotice?: (line: string) => void;
}

const port = 5432;
const databaseName = 'muster';
/** Session lock on the `postgres` database: who holds it owns the data folder. It vanishes with its process. */
const ownerLock = 4_707_203_000;
/** Milliseconds that a killed owner's session may take to vanish. */
const ownerPatience = 5_000;
/** Milliseconds for crash recovery after a power cut, too. */
const startPatience = 300_000;
const pollInterval = 15;

/**
 * Starts the PostgreSQL of a data folder, making it on the first start, or takes over one that a killed process left
 * running. Exactly one process owns a folder at a time.
 * @throws DataFolderInUseError, DataFolderVersionError, DataFolderNotWritableError,
 *   EmbeddedPostgresUnavailableError, EmbeddedPostgresStartError
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const user = choosePostgresUser();
  const binaries = await provideBinaries(user);
  const cluster = await provideCluster(
    options.dataFolder,
    binaries,
    user,
    options.onNotice ?? (() => undefined),
  );
  const running = await findServerPid(cluster);
  if (running === undefined) {
    await removeStalePidFile(cluster);
    await spawnServer(binaries, cluster, user);
  }
  const owner = await connectWhenReady(cluster);
  try {
    await takeOwnership(owner, options.dataFolder);
    await createDatabase(owner);
  } catch (error) {
    await owner.end();
    throw error;
  }
  return describeServer(cluster, owner, running === undefined ? 'started' : 'adopted');
}

/**
 * How to reach a server that another process owns, for commands beside a running Muster.
 * @returns `undefined` when none runs
 */
export async function findRunningPostgres(
  dataFolder: string,
): Promise<EmbeddedPostgresConnection | undefined> {
  const user = choosePostgresUser();
  const cluster = await provideCluster(dataFolder, await provideBinaries(user), user, () => undefined);
  return (await findServerPid(cluster)) === undefined ? undefined : connectionTo(cluster);
}

function connectionTo(cluster: Cluster): EmbeddedPostgresConnection {
  return {
    host: cluster.socketFolder,
    port,
    user: superuser,
    password: cluster.password,
    database: databaseName,
  };
}

/** Waits through start, recovery and the shutdown of a predecessor. */
async function connectWhenReady(cluster: Cluster): Promise<pg.Client> {
  const deadline = Date.now() + startPatience;
  let missing = 0;
  for (;;) {
    const client = new pg.Client({
      ...connectionTo(cluster),
      database: 'postgres',
      application_name: `muster owner pid ${process.pid}`,
      keepAlive: true,
    });
    try {
      await client.connect();
      client.on('error', () => undefined); // told by the `end` event
      return client;
    } catch (error) {
      await client.end().catch(() => undefined); // it never began
      // 57P03: it is starting, recovering or stopping. No socket yet: it may be on its way, or have failed.
      missing = (await findServerPid(cluster)) === undefined ? missing + 1 : 0;
      const hasGivenUp = missing > 2_000 / pollInterval;
      if (hasGivenUp || Date.now() > deadline) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new EmbeddedPostgresStartError(
          `The embedded database did not start (${reason}).`,
          readLogTail(cluster),
        );
      }
      await wait(pollInterval);
    }
  }
}

async function takeOwnership(owner: pg.Client, dataFolder: string): Promise<void> {
  const deadline = Date.now() + ownerPatience;
  for (;;) {
    const { rows } = await owner.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      ownerLock,
    ]);
    if (rows[0]?.taken) return;
    const { rows: holders } = await owner.query<{ application_name: string }>(
      `SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
       WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32 | objid::bigint) = $1`,
      [ownerLock],
    );
    const pid = Number(/pid (\d+)$/.exec(holders[0]?.application_name ?? '')?.[1]) || undefined;
    if (Date.now() > deadline) throw new DataFolderInUseError(dataFolder, pid);
    await wait(50);
  }
}

async function createDatabase(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
  if (rows.length === 0) await owner.query(`CREATE DATABASE ${databaseName}`);
}

function describeServer(
  cluster: Cluster,
  owner: pg.Client,
  howStarted: 'started' | 'adopted',
): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  const unexpectedExit = new Promise<string>((resolve) => {
    owner.once('end', () => {
      if (!stopping) resolve(readLogTail(cluster));
    });
  });
  return {
    connection: connectionTo(cluster),
    howStarted,
    unexpectedExit,
    stop: () => {
      stopping ??= (async () => {
        // The lock goes with the server: nobody may adopt it while it is stopping.
        await stopServer(cluster);
        await owner.end().catch(() => undefined); // the server has closed it already
      })();
      return stopping;
    },
  };
}
