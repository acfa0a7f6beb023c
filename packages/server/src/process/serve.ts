import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { type App, createApp } from '../app.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../platform/database/database.ts';
import { createSecretBox } from '../platform/secrets/secret-box.ts';
import {
  expensiveSearches,
  preparedSearchPoolSize,
  preparedSearchSettings,
  searchPoolSize,
  searchSettings,
} from '../users/index.ts';
import type { DatabaseConnection } from './database-connection.ts';
import { PortInUseError, UnreadableFileError } from './start-errors.ts';

/** Connections of one process; a request holds one for a millisecond or two. */
const poolSize = 16;
/** Milliseconds. Nothing interactive takes this long; what does is ended by PostgreSQL. */
const statementTimeout = 30_000;
/**
 * Milliseconds that connections are kept which nobody needs. A new one knows no plans and no catalogs, and maps each page of
 * PostgreSQL's memory anew: who searches twice a minute shall not wait for that.
 */
const idleLifetime = 300_000;

export interface Serving {
  readonly app: App;
  readonly port: number;
  /** Stops accepting, lets running requests finish, closes the database connections. */
  stop(): Promise<void>;
}

/**
 * Opens the database, composes the application and listens.
 * @throws PortInUseError, UnreadableFileError
 */
export async function serve(
  config: Config,
  connection: DatabaseConnection,
  secretKey: string,
  logger: Logger,
): Promise<Serving> {
  const isEmbedded = config.databaseUrl === undefined;
  // An external server has its connections for others too, and several processes share the hundred of the embedded one.
  const place = { connection, ...(isEmbedded && config.workers === 1 ? { idleLifetime } : {}) };
  const opened = openDatabase({ ...place, poolSize, statementTimeout });
  const forSearch = {
    ...place,
    statementTimeout: config.searchTimeout,
    settings: searchSettings,
    keepsStatements: false,
  };
  const openedForSearch = openDatabase({ ...forSearch, poolSize: searchPoolSize });
  const openedForPreparedSearch = openDatabase({
    ...forSearch,
    settings: preparedSearchSettings,
    keepsStatements: true,
    poolSize: preparedSearchPoolSize,
  });
  // The processes of an external server are on another machine, or not ours to rank.
  const openedForPatientSearch = isEmbedded
    ? openDatabase({ ...forSearch, poolSize: expensiveSearches, givesWay: true })
    : undefined;
  const close = async () => {
    await openedForPatientSearch?.close();
    await openedForPreparedSearch.close();
    await openedForSearch.close();
    await opened.close();
  };
  try {
    const tls = config.tls && {
      certificate: await readSettingFile('MUSTER_TLS_CERT_FILE', config.tls.certificateFile),
      key: await readSettingFile('MUSTER_TLS_KEY_FILE', config.tls.keyFile),
    };
    const app = await createApp({
      config,
      database: opened.database,
      searchDatabase: openedForSearch.database,
      preparedSearchDatabase: openedForPreparedSearch.database,
      ...(openedForPatientSearch ? { patientSearchDatabase: openedForPatientSearch.database } : {}),
      secrets: createSecretBox(secretKey),
      logger,
      ...(tls ? { tls } : {}),
    });
    await listen(app, config);
    return {
      app,
      port: portOf(app),
      stop: async () => {
        await app.server.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listen(app: App, config: Config): Promise<void> {
  try {
    await app.server.listen({ host: config.host, port: config.port });
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      if (error.code === 'EADDRINUSE') throw new PortInUseError(config.host, config.port);
      // A machine without IPv6 cannot listen on `::`, the default.
      if (error.code === 'EAFNOSUPPORT' && config.host === '::')
        return listen(app, { ...config, host: '0.0.0.0' });
    }
    throw error;
  }
}

async function readSettingFile(setting: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UnreadableFileError(setting, path, { cause });
  }
}

function portOf(app: App): number {
  const address: AddressInfo | string | null = app.server.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
