import type { Database } from '../../platform/database/database.ts';
import { findFile, type Job, type JobContext } from '../../platform/jobs/index.ts';
import {
  analyzeSearchTables,
  buildPostponedIndexes,
  hasPostponedIndexes,
  postponeIndexes,
  vacuumSearchTables,
  warmSearchTables,
} from '../search/index.ts';
import { countUsersUpTo } from './imports-store.ts';

/** Users up to which a directory counts as empty beside a large file. */
const emptyDirectory = 10_000;
/** Bytes of an uploaded file, compressed as it came, from which it is large. */
const largeFile = 8 * 1024 * 1024;
/** Users written from which the search tables are tidied at once. */
const manyUsers = 20_000;

/**
 * Takes the search indexes down for a large file into a directory that is all but empty: building them behind it
 * takes a fraction of the time. Searches stay right meanwhile and read whole tables.
 */
export async function postponeSearchIndexes(database: Database, job: Job): Promise<void> {
  const file = job.sourceFileId === undefined ? undefined : await findFile(database, job.sourceFileId);
  if (!file || file.size < largeFile) return;
  if ((await countUsersUpTo(database, emptyDirectory)) < emptyDirectory) await postponeIndexes(database);
}

/** Builds what was taken down, by whichever import, and tells the planner what is there now; on two connections. */
export async function finishSearchIndexes(
  { connection: { database }, connect }: JobContext,
  inserted: number,
): Promise<void> {
  if (inserted < manyUsers && !(await hasPostponedIndexes(database))) return;
  const beside = await connect();
  try {
    await buildPostponedIndexes(database, [beside.database]);
    if (inserted >= manyUsers) await analyzeSearchTables(database, beside.database);
  } finally {
    await beside.close();
  }
}

/**
 * What autovacuum would do within minutes, until when counting reads more than the index; and brings into memory what was
 * written past it.
 */
export async function tidySearchTables(database: Database, inserted: number): Promise<void> {
  if (inserted < manyUsers) return;
  await vacuumSearchTables(database);
  await warmSearchTables(database);
}
