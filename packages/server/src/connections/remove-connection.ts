import type { FastifyBaseLogger } from 'fastify';
import { appendLogEvent, describeManagementChange } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { Caller, ChangeContext } from '../platform/http/caller.ts';
import { presentConnection } from './present-connection.ts';
import {
  deleteConnectionRow,
  listDeletedConnections,
  lockConnectionRecord,
  markConnectionDeleted,
} from './store.ts';

/** Deletes up to `limit` users of a connection; 0 means none is left. Users live on a higher floor. */
export type RemoveUsersOfConnection = (
  database: Database,
  connectionId: string,
  limit: number,
) => Promise<number>;

export interface RemovalDependencies {
  readonly database: Database;
  readonly removeUsersOfConnection: RemoveUsersOfConnection;
  readonly logger: FastifyBaseLogger;
}

export interface DeletionDependencies extends RemovalDependencies {
  /** Throws when the caller may not take away the users of a connection, or somebody must stay. */
  readonly assertMayRemoveConnection: (
    transaction: Database,
    caller: Caller,
    connectionId: string,
  ) => Promise<void>;
}

const batchSize = 500;

/**
 * Begins the deletion of a connection: from now on it counts as gone, its users follow in the background and the
 * row, which keeps the name taken, goes last. Interrupted removals are taken up at the next start.
 * @returns when the deletion began; `undefined` when there is no such connection
 */
export async function deleteConnection(
  dependencies: DeletionDependencies,
  id: string,
  context: ChangeContext,
): Promise<Date | undefined> {
  const deletedAt = await dependencies.database.transaction().execute(async (transaction) => {
    const record = await lockConnectionRecord(transaction, id);
    if (!record) return undefined;
    if (record.deletedAt === null) {
      await dependencies.assertMayRemoveConnection(transaction, context.caller, id);
      const before = presentConnection(record, 'single');
      const about = { connection: record.name, connectionId: id, strategy: record.strategy };
      await appendLogEvent(
        transaction,
        describeManagementChange({ ...context, statusCode: 202, before, after: {}, about }),
      );
    }
    return markConnectionDeleted(transaction, id);
  });
  if (deletedAt) {
    removeConnection(dependencies, id).catch((error: unknown) => {
      dependencies.logger.error(
        { err: error, connection: id },
        'a connection could not be removed; the next start goes on with it',
      );
    });
  }
  return deletedAt;
}

/** Takes up the removals that a stopped process left unfinished. Resolves when all are done or have failed. */
export async function resumeConnectionRemovals(dependencies: RemovalDependencies): Promise<void> {
  for (const id of await listDeletedConnections(dependencies.database)) {
    await removeConnection(dependencies, id).catch((error: unknown) => {
      dependencies.logger.error(
        { err: error, connection: id },
        'a connection could not be removed; the next start goes on with it',
      );
    });
  }
}

/** Any number of processes may do this at once: each batch takes what is left. */
async function removeConnection(dependencies: RemovalDependencies, id: string): Promise<void> {
  for (;;) {
    while ((await dependencies.removeUsersOfConnection(dependencies.database, id, batchSize)) > 0);
    if (await deleteConnectionRow(dependencies.database, id)) return;
    const isLeft = (await listDeletedConnections(dependencies.database)).includes(id);
    if (!isLeft) return;
  }
}
