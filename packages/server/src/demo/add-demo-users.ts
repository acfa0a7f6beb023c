import { ensureConnection } from '../connections/index.ts';
import type { Database } from '../platform/database/database.ts';
import {
  buildPostponedIndexes,
  postponeIndexes,
  settleSearchIndex,
  warmSearchTables,
  withoutTimeLimit,
} from '../users/index.ts';
import { demoConnections, makeDemoUser } from './make-demo-user.ts';
import { analyzeUsers, hasFewerUsersThan, insertDemoUsers } from './store.ts';

export interface DemoOptions {
  readonly count: number;
  readonly seed: number;
  /** Told after each batch. */
  readonly onProgress?: (done: number) => void;
}

const batchSize = 2_000;
/** People from which it takes a fraction of the time to build the indexes behind them. */
const manyPeople = 20_000;

/**
 * Fills the directory with plausible people across several connections, the same ones for the same seed, in
 * batches of one transaction each: memory stays flat and an interrupted run can be repeated.
 * @returns how many users were new
 */
export async function addDemoUsers(database: Database, options: DemoOptions): Promise<number> {
  const connectionIds = new Map<string, string>();
  for (const { name, strategy } of demoConnections) {
    connectionIds.set(name, await ensureConnection(database, { name, strategy }));
  }
  const isPostponed =
    options.count >= manyPeople &&
    (await hasFewerUsersThan(database, manyPeople / 2)) &&
    (await postponeIndexes(database));
  let inserted = 0;
  try {
    inserted = await insertAll(database, options, connectionIds);
  } finally {
    if (isPostponed) await withoutTimeLimit(database, buildPostponedIndexes);
  }
  await analyzeUsers(database);
  // What has just been built is packed already.
  await settleSearchIndex(database, isPostponed ? 0 : inserted);
  if (inserted >= manyPeople) await warmSearchTables(database);
  return inserted;
}

async function insertAll(
  database: Database,
  options: DemoOptions,
  connectionIds: ReadonlyMap<string, string>,
): Promise<number> {
  let inserted = 0;
  for (let start = 0; start < options.count; start += batchSize) {
    const end = Math.min(start + batchSize, options.count);
    const batch = Array.from({ length: end - start }, (_, offset) =>
      makeDemoUser(options.seed, start + offset),
    );
    inserted += await database
      .transaction()
      .execute((transaction) => insertDemoUsers(transaction, batch, connectionIds));
    options.onProgress?.(end);
  }
  return inserted;
}
