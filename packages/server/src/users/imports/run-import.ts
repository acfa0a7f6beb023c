import { setImmediate } from 'node:timers/promises';
import { type Connection, findConnectionById, listConnectionsByName } from '../../connections/index.ts';
import type { Database } from '../../platform/database/database.ts';
import {
  advanceJob,
  completeFile,
  type HoldsScopes,
  insertFile,
  type Job,
  type JobContext,
  type JobHandler,
  type JobOutcome,
  readFileFrom,
  scopesLost,
  setJobFile,
} from '../../platform/jobs/index.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { AccountGuard } from '../account-guard.ts';
import type { Presentation } from '../present-user.ts';
import { allocateEntryIds, hasPostponedIndexes } from '../search/index.ts';
import { type BatchRules, describeImport, type PreparedBatch } from './apply-batch.ts';
import { type ImportCheckpoint, parseImportCheckpoint, parseImportParameters } from './import-job.ts';
import { addUserLines, createUserLines, type UserLines } from './import-lines.ts';
import type { ImportedRoles } from './imported-roles.ts';
import { parseRow } from './parse-row.ts';
import { finishSearchIndexes, postponeSearchIndexes, tidySearchTables } from './postpone-indexes.ts';
import { type PreparedRow, prepareRow } from './prepare-row.ts';
import type { RawRow } from './raw-row.ts';
import { resolveRoles } from './resolve-roles.ts';
import type { RowFate } from './row-error.ts';
import { splitRows } from './split-rows.ts';
import { createBatchWriter } from './write-batches.ts';

export interface ImportDependencies {
  /** For reading the file while the job's own connection writes. */
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly presentation: Presentation;
  /** Bytes, MUSTER_PROFILE_LIMIT. */
  readonly profileLimit: number;
  /** Bytes of an uncompressed file. */
  readonly importLimit: number;
  readonly guard: Pick<AccountGuard, 'listAdministrators'>;
  readonly roles: ImportedRoles;
  readonly holdsScopes: HoldsScopes;
}

/**
 * Rows written in one transaction: few, so that they are forgotten while they are young; where their values are sorted for an
 * index that is there, more of them share its pages. And characters of them from which it is ended earlier.
 */
const batchRows = 1_000;
const sortedBatchRows = 3_000;
const batchSize = 4 * 1024 * 1024;
/** Rows that are prepared before other work of the process has its turn: a few milliseconds. */
const preparedAtOnce = 8;

/** The handler of `users_import` jobs. */
export function createImportHandler(dependencies: ImportDependencies): JobHandler {
  return (job, context) => runImport(dependencies, job, context);
}

async function runImport(
  dependencies: ImportDependencies,
  job: Job,
  context: JobContext,
): Promise<JobOutcome> {
  const { database } = context.connection;
  const connection = job.connectionId && (await findConnectionById(database, job.connectionId));
  if (!connection) return { status: 'failed', details: 'The connection does not exist any more.' };
  const parameters = parseImportParameters(job.parameters);
  let checkpoint = job.checkpoint ? parseImportCheckpoint(job.checkpoint) : await begin(database, job);
  if (!parameters.isDryRun) await postponeSearchIndexes(database, job);
  const postponesIndexes = !parameters.isDryRun && (await hasPostponedIndexes(database));
  checkpoint = { ...checkpoint, postponesIndexes };
  const rules: BatchRules = {
    jobId: job.id,
    isUpsert: parameters.isUpsert,
    mergesMetadata: parameters.mergesMetadata,
    isDryRun: parameters.isDryRun,
    guard: dependencies.guard,
    roles: dependencies.roles,
    mayAssignRoles: parameters.mayAssignRoles ?? false,
    mayRemoveRoles: parameters.mayRemoveRoles ?? false,
    event: describeImport(job),
    remembersIdentifiers: parameters.isUpsert || parameters.isDryRun,
    connections: await listConnectionsByName(database),
    sortsValues: !postponesIndexes,
  };
  /** Lines that are written, for a batch to come. */
  const spare: UserLines[] = [];
  const source = readBatches(dependencies, job, connection, checkpoint, { ...rules, spare });
  const writer = createBatchWriter(context, job, checkpoint, rules);
  let outcome: JobOutcome = { status: 'completed' };
  try {
    let upcoming = source.next();
    for (;;) {
      const batch = await upcoming;
      if (batch.done) {
        if (batch.value) outcome = { status: 'failed', details: batch.value };
        break;
      }
      // The next batch is made ready while PostgreSQL writes this one and the one before.
      upcoming = source.next();
      upcoming.catch(() => undefined);
      if (parameters.scopes && !(await dependencies.holdsScopes(job, parameters.scopes))) {
        outcome = { status: 'failed', details: `${scopesLost} What was done so far stays.` };
        break;
      }
      const written = await writer.write(batch.value);
      if (written.lines) spare.push(written.lines);
      if (!written.isCancellationAsked && !context.signal.aborted) continue;
      outcome = undefined;
      break;
    }
    const end = await writer.finish();
    checkpoint = end.checkpoint;
    if (end.isCancellationAsked) outcome = { status: 'cancelled' };
  } finally {
    await writer.close();
  }
  if (!outcome) {
    await source.return(undefined);
    return undefined;
  }
  if (checkpoint.postponesIndexes) await noteIndexBuild(database, job, checkpoint);
  await finishSearchIndexes(context, checkpoint.summary.inserted);
  await completeFile(database, checkpoint.report.fileId, checkpoint.place.row - 1);
  // What was tried may be imported next.
  const keepsSource = parameters.isDryRun;
  return {
    ...outcome,
    keepsSource,
    afterwards: () => tidySearchTables(database, checkpoint.summary.inserted),
  };
}

async function begin(database: Database, job: Job): Promise<ImportCheckpoint> {
  return database.transaction().execute(async (transaction) => {
    const fileId = await insertFile(transaction, { kind: 'report' });
    await setJobFile(transaction, job.id, 'report', fileId);
    const summary = { failed: 0, updated: 0, inserted: 0, unchanged: 0, total: 0 };
    const place = { row: 1, line: 1, offset: 0 };
    const checkpoint = { place, read: 0, report: { fileId, size: 0 }, summary };
    const step = await advanceJob(transaction, job.id, 0, { checkpoint, done: 0, summary });
    if (!step) throw new Error('another process works on this import');
    return checkpoint;
  });
}

/** Shows that the rows are in and that their indexes are built. */
async function noteIndexBuild(database: Database, job: Job, checkpoint: ImportCheckpoint): Promise<void> {
  const done = checkpoint.place.row - 1;
  const step = await advanceJob(database, job.id, done, {
    checkpoint: { ...checkpoint, buildsIndexes: true },
    done,
  });
  if (!step) throw new Error('another process works on this import');
}

interface PreparationContext extends BatchRules {
  readonly spare: UserLines[];
}

/** Batches of the file from the checkpoint on. @returns why the file ended early, if it did */
async function* readBatches(
  dependencies: ImportDependencies,
  job: Job,
  connection: Connection,
  checkpoint: ImportCheckpoint,
  rules: PreparationContext,
): AsyncGenerator<PreparedBatch, string | undefined> {
  const fileId = job.sourceFileId;
  if (fileId === undefined) return 'The file of the import is gone.';
  let read = 0;
  const open = async function* (offset: number) {
    read = offset;
    for await (const block of readFileFrom(dependencies.database, fileId, offset)) {
      read += block.length;
      yield block;
    }
  };
  const pieces = splitRows(open, { from: checkpoint.place, longestFile: dependencies.importLimit });
  const prepare = async (rows: readonly RawRow[], next: PreparedBatch['next']) => ({
    ...(await prepareBatch(dependencies, connection, rows, rules)),
    next,
    read,
  });
  const mostRows = rules.sortsValues ? sortedBatchRows : batchRows;
  let waiting: RawRow[] = [];
  let size = 0;
  let problem: string | undefined;
  for await (const piece of pieces) {
    if (piece.problem !== undefined) {
      problem = piece.problem;
      break;
    }
    for (const row of piece.rows) {
      waiting.push(row);
      size += row.size;
      if (waiting.length < mostRows && size < batchSize) continue;
      yield await prepare(waiting, row.next);
      waiting = [];
      size = 0;
    }
  }
  const last = waiting.at(-1);
  if (last) yield await prepare(waiting, last.next);
  return problem;
}

async function prepareBatch(
  { database, secrets, presentation, profileLimit }: ImportDependencies,
  connection: Connection,
  raw: readonly RawRow[],
  rules: PreparationContext,
): Promise<Pick<PreparedBatch, 'rows' | 'lines' | 'failed'>> {
  const prepared: PreparedRow[] = [];
  const failed: RowFate[] = [];
  for (const [index, row] of raw.entries()) {
    if (index % preparedAtOnce === 0) await setImmediate();
    const place = { row: row.number, line: row.line };
    const parsed = parseRow(row);
    if (!parsed.isValid) {
      failed.push({ ...place, fate: 'failed', errors: [parsed.error] });
      continue;
    }
    const result = prepareRow({ ...place, size: row.size }, parsed.value, {
      connection,
      connections: rules.connections,
      presentation,
      profileLimit,
      mayAssignRoles: rules.mayAssignRoles,
      mayRemoveRoles: rules.mayRemoveRoles,
    });
    if (result.isValid) prepared.push(result.prepared);
    else failed.push({ ...place, fate: 'failed', errors: result.errors, source: parsed.value });
  }
  const resolved = await resolveRoles(database, prepared, rules.roles);
  failed.push(...resolved.failed);
  const ids = await allocateEntryIds(database, resolved.rows.length);
  const now = new Date();
  const encrypt = (secret: string, userId: string) => secrets.encrypt(secret, `factor of ${userId}`);
  const rows: PreparedBatch['rows'][number][] = [];
  const lines = rules.spare.pop() ?? createUserLines();
  for (const table of Object.values(lines)) table.clear();
  for (const [index, row] of resolved.rows.entries()) {
    if (index % preparedAtOnce === 0) await setImmediate();
    const entryId = ids[index];
    if (entryId === undefined) throw new Error('too few ids were allocated');
    addUserLines(lines, row, { now, entryId, encrypt });
    rows.push({ ...row, record: index });
  }
  return { rows, lines, failed };
}
