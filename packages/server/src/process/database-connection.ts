import pg from 'pg';
import type { Config } from '../config.ts';
import { findRunningPostgres, startEmbeddedPostgres } from '../platform/database/embedded/index.ts';
import { DatabaseUnreachableError, UnsupportedDatabaseError } from './start-errors.ts';

/** How to reach the database; plain data, as it is handed to worker processes. */
export type DatabaseConnection =
  | { readonly connectionString: string }
  | {
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
    };

export interface RunningDatabase {
  readonly connection: DatabaseConnection;
  /** Stops the embedded server; leaves an external one alone. */
  stop(): Promise<void>;
  /** Resolves with the reason when the embedded server ends by itself; never for an external one. */
  readonly unexpectedExit: Promise<string>;
}

const oldestSupportedVersion = 150_000;

/**
 * The database that the configuration names: an external PostgreSQL, checked for version, or the embedded one,
 * started.
 * @throws DatabaseUnreachableError, UnsupportedDatabaseError, and the embedded server's own errors
 */
export async function provideDatabase(
  config: Config,
  onNotice: (line: string) => void,
): Promise<RunningDatabase> {
  if (config.databaseUrl === undefined) {
    const embedded = await startEmbeddedPostgres({
      dataFolder: config.dataFolder,
      memory: config.databaseMemory,
      onNotice,
    });
    return {
      connection: embedded.connection,
      stop: () => embedded.stop(),
      unexpectedExit: embedded.unexpectedExit,
    };
  }
  await checkVersion(config.databaseUrl);
  return {
    connection: { connectionString: config.databaseUrl },
    stop: async () => undefined,
    unexpectedExit: new Promise(() => undefined),
  };
}

/**
 * The same for a command beside the server: the embedded database of a running Muster is used as it is, and left
 * running.
 */
export async function provideCommandDatabase(
  config: Config,
  onNotice: (line: string) => void,
): Promise<RunningDatabase> {
  const running = config.databaseUrl === undefined ? await findRunningPostgres(config.dataFolder) : undefined;
  if (!running) return provideDatabase(config, onNotice);
  return { connection: running, stop: async () => undefined, unexpectedExit: new Promise(() => undefined) };
}

async function checkVersion(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ number: string; name: string }>(
      "SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS name",
    );
    const version = rows[0];
    if (!version || Number(version.number) < oldestSupportedVersion)
      throw new UnsupportedDatabaseError(version?.name ?? 'unknown');
  } catch (cause) {
    throw cause instanceof UnsupportedDatabaseError ? cause : new DatabaseUnreachableError({ cause });
  } finally {
    await client.end().catch(() => undefined); // a connection that was never made has nothing to end
  }
}
