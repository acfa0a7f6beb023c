import type { Database } from '../../platform/database/database.ts';
import { lockNextUsers } from '../locks-store.ts';
import { rewriteEntries } from '../writes-store.ts';
import { searchEntryVersion } from './entry.ts';
import { forgetDeletedRoles } from './roles-store.ts';
import {
  advanceRebuild,
  beginRebuild,
  endRebuild,
  estimateUserCount,
  packSearchIndex,
  readSearchState,
  takeRebuildLock,
  vacuumSearchIndex,
} from './state-store.ts';

export interface RebuildProgress {
  /** Users done so far, an interrupted run's included. */
  readonly done: number;
  /** As last estimated by PostgreSQL. */
  readonly expected: number;
}

export interface RebuildOptions {
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Ends the rebuild after the batch under way; the next one goes on from there. */
  readonly signal?: AbortSignal;
}

const batchSize = 500;

/**
 * Makes the search entries of all users anew while reads and writes go on: a batch holds its users for some tens of
 * milliseconds. Interrupted, it goes on where it was; a second one at the same time takes turns with the first.
 * @returns how many users it took up in this run, and whether it reached the end
 */
export async function rebuildSearchIndex(
  database: Database,
  options: RebuildOptions = {},
): Promise<{ count: number; isComplete: boolean }> {
  const { rebuild } = await readSearchState(database);
  if (rebuild?.version !== searchEntryVersion) await beginRebuild(database, searchEntryVersion);
  const expected = await estimateUserCount(database);
  let count = 0;
  while (!options.signal?.aborted) {
    const step = await database.transaction().execute(rebuildBatch);
    if (step === 'ended') return { count, isComplete: true };
    if (step === 'busy') {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    count += step.count;
    options.onProgress?.({ done: step.done, expected: Math.max(expected, step.done) });
    if (step.count < batchSize) {
      await settleSearchIndex(database, count);
      await forgetDeletedRoles(database);
      await endRebuild(database, searchEntryVersion);
      return { count, isComplete: true };
    }
  }
  return { count, isComplete: false };
}

/** Below this many writes the index is quick and small enough as it is. */
const packedFrom = 50_000;

/** What is due after many entries were written: packing the index and renewing what PostgreSQL knows of it. */
export async function settleSearchIndex(database: Database, written: number): Promise<void> {
  if (written >= packedFrom) await packSearchIndex(database);
  await vacuumSearchIndex(database);
}

/** `ended`: another process brought it to its end; `busy`: another one is at a batch. */
async function rebuildBatch(
  transaction: Database,
): Promise<'ended' | 'busy' | { count: number; done: number }> {
  if (!(await takeRebuildLock(transaction))) return 'busy';
  const { rebuild } = await readSearchState(transaction);
  if (!rebuild) return 'ended';
  const userIds = await lockNextUsers(transaction, rebuild.upTo, batchSize);
  await rewriteEntries(transaction, userIds);
  const last = userIds.at(-1);
  if (last !== undefined) await advanceRebuild(transaction, last, userIds.length);
  return { count: userIds.length, done: rebuild.count + userIds.length };
}

/** Rebuilds the index if it is not of this version's form, as after an upgrade. */
export async function completeSearchIndex(database: Database, options: RebuildOptions = {}): Promise<void> {
  const { version } = await readSearchState(database);
  if (version !== searchEntryVersion) await rebuildSearchIndex(database, options);
}
