import { join } from 'node:path';
import { provideBinaries } from './binaries.ts';
import { checkVersion, createCluster, findCluster, readPassword } from './cluster.ts';
import { chooseHome, ensureAccess, findHome, openDataFolder } from './data-folder.ts';
import { guardServer } from './guard-server.ts';
import { choosePostgresUser } from './operating-system-user.ts';
import { connectionOptions, type EmbeddedPostgresConnection } from './ownership.ts';
import { observeServer } from './postmaster-file.ts';
import { runServer } from './run-server.ts';
import { removeLeftovers } from './temporary-folder.ts';

export interface EmbeddedPostgres {
  /** Options for a pg.Pool or pg.Client to the `muster` database. */
  readonly connection: EmbeddedPostgresConnection;
  /** `adopted`: the server was running, left behind by a process that was killed. */
  readonly howStarted: 'started' | 'adopted';
  /**
   * Stops the server (fast shutdown: running transactions are rolled back) and with it the ownership; waits for its
   * end, for at most 40 seconds. Every call after the first gives the same promise. Does nothing once
   * `unexpectedExit` has resolved.
   */
  stop(): Promise<void>;
  /**
   * Resolves, with the reason and the tail of the log, when the server ends by itself or the ownership is lost for
   * good; never after `stop`. A broken owner connection alone is mended within.
   */
  readonly unexpectedExit: Promise<string>;
}

export interface EmbeddedPostgresOptions {
  /** Made if need be. Holds the cluster, or where root's PostgreSQL cannot reach it, its location; and the log. */
  readonly dataFolder: string;
  /** MiB for its pages; a quarter of the machine's memory and 8 GiB at most unless given. */
  readonly memory?: number | undefined;
  /** Told what an operator should know, a line at a time. */
  readonly onNotice?: (line: string) => void;
}

/**
 * Starts the embedded PostgreSQL of a data folder, which the first start sets up, or adopts the server that a killed
 * process left running there, and makes this process its only owner. Waits up to 5 seconds for a former owner to
 * vanish, up to 60 for a server that is starting or stopping, and for a recovery of its own as long as it takes.
 * @throws DataFolderInUseError, DataFolderVersionError, DataFolderNotWritableError,
 *   EmbeddedPostgresUnavailableError, EmbeddedPostgresStartError
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { onNotice = () => undefined } = options;
  const dataFolder = await openDataFolder(options.dataFolder);
  await removeLeftovers(dataFolder);
  const home = await findHome(dataFolder);
  const existing = await findCluster(home);
  const user = choosePostgresUser(existing);
  const binaries = await provideBinaries(user, { dataFolder, onNotice });
  const clusterFolder =
    existing ?? (await createCluster(await chooseHome(home, user, onNotice), binaries, user));
  await checkVersion(clusterFolder, binaries.majorVersion);
  await ensureAccess(clusterFolder, user);
  const password = await readPassword(clusterFolder);

  const place = {
    dataFolder,
    clusterFolder,
    binaries,
    user,
    memory: options.memory,
    logFile: join(dataFolder, 'postgres.log'),
  };
  const running = await runServer(place, password, onNotice);
  const guarded = guardServer(place, running, password);
  return {
    connection: connectionOptions(running.endpoint, password),
    howStarted: running.howStarted,
    stop: () => guarded.stop(),
    unexpectedExit: guarded.unexpectedExit,
  };
}

/**
 * How to reach the server of a data folder that another process owns, for commands beside a running Muster. Starts
 * and changes nothing.
 * @returns `undefined` when none runs, or none is ready
 */
export async function findRunningPostgres(
  dataFolder: string,
): Promise<EmbeddedPostgresConnection | undefined> {
  const clusterFolder = await findCluster(await findHome(dataFolder));
  if (clusterFolder === undefined) return undefined;
  const server = await observeServer(clusterFolder);
  if (server.kind !== 'ready') return undefined;
  return connectionOptions(server.endpoint, await readPassword(clusterFolder));
}
