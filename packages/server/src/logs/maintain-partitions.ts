import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../platform/database/database.ts';
import {
  createPartition,
  dropPartition,
  limitLockWait,
  listExpiredMonths,
  listNeededMonths,
  listPartitionMonths,
  lockPartitions,
  tryLockPartitions,
} from './partition-store.ts';

/** Milliseconds. Partitions are made two months ahead, so many runs may fail before one is missing. */
const maintenanceInterval = 3 * 3_600_000;

/** Makes the partitions of `logs` for this month and the next two where they are missing. Idempotent. */
export async function ensureLogPartitions(transaction: Database): Promise<void> {
  await lockPartitions(transaction);
  const existing = new Set(await listPartitionMonths(transaction));
  for (const month of await listNeededMonths(transaction)) {
    if (!existing.has(month)) await createPartition(transaction, month);
  }
}

/**
 * Drops the months of the log whose last event is older than `retentionDays`; 0 keeps everything. Whole months
 * only, so an event stays up to a month longer than that.
 * @returns the months (`YYYYMM`) that were dropped
 */
export async function dropExpiredLogs(transaction: Database, retentionDays: number): Promise<string[]> {
  if (retentionDays === 0) return [];
  await lockPartitions(transaction);
  const expired = await listExpiredMonths(transaction, retentionDays);
  for (const month of expired) await dropPartition(transaction, month);
  return expired;
}

/**
 * Keeps the log's partitions in order: now and every three hours, makes those to come and drops those past
 * retention. Any number of processes may run it at once; one of them does the work. A failure is logged and
 * made up for by the next run.
 */
export function startLogMaintenance(options: {
  readonly database: Database;
  readonly retentionDays: number;
  readonly logger: FastifyBaseLogger;
}): { stop(): void } {
  let isStopped = false;
  const run = () => {
    maintain(options).catch((error: unknown) => {
      if (!isStopped)
        options.logger.error(
          { err: error },
          'the partitions of the log could not be maintained; the next run tries again',
        );
    });
  };
  run();
  const timer = setInterval(run, maintenanceInterval).unref();
  return {
    stop: () => {
      isStopped = true;
      clearInterval(timer);
    },
  };
}

/** Two transactions, so that a drop that finds no moment for its lock does not undo the partitions to come. */
async function maintain(options: Parameters<typeof startLogMaintenance>[0]): Promise<void> {
  const { database, retentionDays, logger } = options;
  await whileLocked(database, ensureLogPartitions);
  const dropped = await whileLocked(database, (transaction) => dropExpiredLogs(transaction, retentionDays));
  if (dropped && dropped.length > 0)
    logger.info({ months: dropped }, 'log events past their retention were dropped');
}

async function whileLocked<Result>(
  database: Database,
  work: (transaction: Database) => Promise<Result>,
): Promise<Result | undefined> {
  return database.transaction().execute(async (transaction) => {
    if (!(await tryLockPartitions(transaction))) return undefined;
    await limitLockWait(transaction);
    return work(transaction);
  });
}
