import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { accountGuard, listOwners, narrowToStanding } from '../administration/index.ts';
import type { Config } from '../config.ts';
import { createCompletionMails, createJobHandlers } from '../jobs/index.ts';
import { openBulkConnection } from '../platform/database/bulk-connection.ts';
import { openDatabase } from '../platform/database/database.ts';
import { startJobRunner } from '../platform/jobs/index.ts';
import { createSecretBox } from '../platform/secrets/secret-box.ts';
import { createUserListeners } from '../user-listeners.ts';
import { buildPostponedIndexes, searchSettings } from '../users/index.ts';
import { createLogger } from './create-logger.ts';
import { onStopSignal } from './stop-signal.ts';
import type { WorkerOrder } from './workers.ts';

/** Milliseconds without work after which the process ends; the primary starts another one when there is some. */
const idleAfter = 10_000;
/** Milliseconds of a statement: an index of a large directory takes minutes. */
const statementTimeout = 3_600_000;
/** The same of a search. Nobody waits for it at a screen. */
const searchCapacity = { timeout: 600_000, poolSize: 3 };

/** The process that works on jobs, under a primary: waits for its order, works while there is work, and ends. */
export async function runJobs(config: Config): Promise<void> {
  const [order]: WorkerOrder[] = await once(process, 'message');
  if (!order) throw new Error('the primary sent no order');
  // Requests go first when the cores are busy.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit(1));
  const logger = createLogger(config);
  const working = startWorking(config, order, logger);
  // Whatever does not end in time goes on from its checkpoint at the next start.
  onStopSignal(['SIGTERM'], () => Promise.race([working.stop(), wait(longestStop)]));
  await working.idle;
  await working.stop();
  process.exit(0);
}

/** Milliseconds that running steps are given to end. */
const longestStop = 10_000;

/** Opens what jobs need and works on them. @returns when there is nothing more to do, and how to stop earlier */
function startWorking(
  config: Config,
  { connection, secretKey }: WorkerOrder,
  logger: Logger,
): { readonly idle: Promise<void>; stop(): Promise<void> } {
  // The processes of an external server are on another machine, or not ours to rank.
  const givesWay = config.databaseUrl === undefined;
  const opened = openDatabase({ connection, poolSize: 6, statementTimeout, givesWay });
  const openedForSearch = openDatabase({
    connection,
    poolSize: searchCapacity.poolSize,
    statementTimeout: searchCapacity.timeout,
    settings: searchSettings,
    keepsStatements: false,
    givesWay,
  });
  const { database } = opened;
  const secrets = createSecretBox(secretKey);
  const connect = () => openBulkConnection(connection, { statementTimeout, givesWay });
  const runner = startJobRunner(
    {
      database,
      connect,
      handlers: createJobHandlers({
        database,
        searchDatabase: openedForSearch.database,
        searchCapacity,
        secrets,
        config,
        guard: accountGuard,
        listeners: createUserListeners({ secrets, publicUrl: config.publicUrl }),
        narrowToStanding: (holder) => narrowToStanding(database, holder),
      }),
      listener: createCompletionMails({ secrets, publicUrl: config.publicUrl, listOwners }),
      logger,
    },
    idleAfter,
  );
  return {
    idle: runner.idle.then(async () => {
      // Of an import that was cancelled, or given up, before it built them itself.
      const session = await connect();
      await buildPostponedIndexes(session.database).finally(() => session.close());
    }),
    stop: async () => {
      await runner.stop();
      await openedForSearch.close();
      await opened.close();
    },
  };
}
