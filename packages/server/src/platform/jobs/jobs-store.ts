import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Job, JobCaller, JobStatus, NewJob } from './job.ts';

interface JobRow {
  job_id: string;
  kind: string;
  status: JobStatus;
  connection_id: string | null;
  connection: string | null;
  external_id: string | null;
  parameters: unknown;
  caller: JobCaller;
  checkpoint: unknown;
  run_checkpoint: unknown;
  run_started_at: Date | null;
  summary: Record<string, number> | null;
  done: number;
  total: number | null;
  status_details: string | null;
  attempts: number;
  is_cancellation_asked: boolean;
  source_file_id: number | null;
  result_file_id: number | null;
  report_file_id: number | null;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
}

export async function insertJob(transaction: Database, job: NewJob): Promise<Job> {
  const { rows } = await sql<JobRow>`
    INSERT INTO jobs (job_id, kind, connection_id, connection, external_id, parameters, caller, total, source_file_id)
    VALUES (${job.id}, ${job.kind}, ${job.connectionId ?? null}, ${job.connection ?? null}, ${job.externalId ?? null},
      ${JSON.stringify(job.parameters)}, ${JSON.stringify(job.caller)}, ${job.total ?? null}, ${job.sourceFileId ?? null})
    RETURNING *`.execute(transaction);
  return only(rows);
}

export async function findJob(database: Database, id: string): Promise<Job | undefined> {
  const { rows } = await sql<JobRow>`SELECT * FROM jobs WHERE job_id = ${id}`.execute(database);
  return rows[0] && toJob(rows[0]);
}

/** Newest first. @returns one page, and the number of all when it is wanted */
export async function listJobs(
  database: Database,
  page: { offset: number; limit: number; kind?: string | undefined },
): Promise<{ jobs: Job[]; total: number }> {
  const isOfKind = page.kind === undefined ? sql`true` : sql`kind = ${page.kind}`;
  const { rows } = await sql<JobRow>`
    SELECT * FROM jobs WHERE ${isOfKind} ORDER BY created_at DESC, job_id DESC LIMIT ${page.limit} OFFSET ${page.offset}`.execute(
    database,
  );
  const counted = await sql<{
    total: number;
  }>`SELECT count(*) AS total FROM jobs WHERE ${isOfKind}`.execute(database);
  return { jobs: rows.map(toJob), total: counted.rows[0]?.total ?? 0 };
}

/** Whether no session holds the job's lock (PostgreSQL manual, pg_locks: a bigint key is split into two). */
const isFree = sql`NOT EXISTS (
  SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND ((classid::bigint << 32) | objid::bigint) = hashtextextended(job_id, 0)
)`;

/** Jobs that nobody works on, though somebody has to; oldest first. */
export async function listOpenJobIds(database: Database): Promise<string[]> {
  const { rows } = await sql<{ job_id: string }>`
    SELECT job_id FROM jobs WHERE status IN ('pending', 'processing') AND ${isFree}
    ORDER BY created_at, job_id LIMIT 100`.execute(database);
  return rows.map((row) => row.job_id);
}

export async function hasOpenJobs(database: Database): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM jobs WHERE status IN ('pending', 'processing') AND ${isFree} LIMIT 1`.execute(database);
  return rows.length > 0;
}

/**
 * Takes the job for this session, which gives it back at its end, whatever ends it.
 * @returns whether nobody else has it
 */
export async function tryLockJob(session: Database, id: string): Promise<boolean> {
  const { rows } = await sql<{ is_locked: boolean }>`
    SELECT pg_try_advisory_lock(hashtextextended(${id}, 0)) AS is_locked`.execute(session);
  return rows[0]?.is_locked === true;
}

/** Notes that an open job is being worked on. @returns the job as it stands; undefined when it has ended */
export async function beginJob(database: Database, id: string): Promise<Job | undefined> {
  const { rows } = await sql<JobRow>`
    UPDATE jobs SET status = 'processing', started_at = coalesce(started_at, now()), attempts = attempts + 1,
      run_started_at = now(), run_checkpoint = checkpoint
    WHERE job_id = ${id} AND status IN ('pending', 'processing') RETURNING *`.execute(database);
  return rows[0] && toJob(rows[0]);
}

/** What a step of a job changes, in the transaction of the step's own writes. */
export interface JobProgress {
  readonly checkpoint: unknown;
  readonly done: number;
  readonly total?: number | undefined;
  readonly summary?: Readonly<Record<string, number>> | undefined;
}

/**
 * Moves the job on. Another process that took the job up meanwhile would have moved it already: then nothing is
 * changed, and the step must be rolled back.
 * @param from `done` before the step
 * @returns whether cancellation was asked for; undefined when the job was not where the step began
 */
export async function advanceJob(
  transaction: Database,
  id: string,
  from: number,
  progress: JobProgress,
): Promise<{ isCancellationAsked: boolean } | undefined> {
  const { rows } = await sql<{ is_cancellation_asked: boolean }>`
    UPDATE jobs SET checkpoint = ${JSON.stringify(progress.checkpoint)}, done = ${progress.done},
      total = ${progress.total === undefined ? sql`total` : progress.total},
      summary = ${progress.summary === undefined ? sql`summary` : JSON.stringify(progress.summary)}, attempts = 0
    WHERE job_id = ${id} AND done = ${from} AND status = 'processing'
    RETURNING is_cancellation_asked`.execute(transaction);
  return rows[0] && { isCancellationAsked: rows[0].is_cancellation_asked };
}

/** Names the file that a job makes. */
export async function setJobFile(
  transaction: Database,
  id: string,
  kind: 'result' | 'report',
  fileId: number,
): Promise<void> {
  await sql`UPDATE jobs SET ${sql.ref(`${kind}_file_id`)} = ${fileId} WHERE job_id = ${id}`.execute(
    transaction,
  );
}

/**
 * Ends a job. The file that it read is of no use any more, and holds secrets: it goes.
 * @param outcome.keepsSource another job will read the file
 * @returns the job as it ended; undefined when it had ended before
 */
export async function endJob(
  transaction: Database,
  id: string,
  outcome: {
    status: 'completed' | 'failed' | 'cancelled';
    details?: string | undefined;
    keepsSource?: boolean | undefined;
  },
): Promise<Job | undefined> {
  const { numAffectedRows = 0n } = await sql`
    UPDATE jobs SET status = ${outcome.status}, status_details = ${outcome.details ?? null}, ended_at = now()
    WHERE job_id = ${id} AND status IN ('pending', 'processing')`.execute(transaction);
  if (numAffectedRows === 0n) return undefined;
  if (!outcome.keepsSource) await deleteSource(transaction, id);
  return findJob(transaction, id);
}

/** Deletes what an ended job read, unless another one still does. */
async function deleteSource(transaction: Database, id: string): Promise<void> {
  await sql`
    DELETE FROM job_files USING jobs WHERE job_id = ${id} AND file_id = source_file_id AND NOT EXISTS (
      SELECT FROM jobs AS others WHERE others.source_file_id = file_id AND others.ended_at IS NULL)`.execute(
    transaction,
  );
}

/** The jobs that were made of a file, oldest first; they outlive it. */
export async function listJobsOfSource(database: Database, fileId: number): Promise<Job[]> {
  const { rows } = await sql<JobRow>`
    SELECT * FROM jobs WHERE source_file_id = ${fileId} ORDER BY created_at, job_id`.execute(database);
  return rows.map(toJob);
}

export interface JobError {
  /** Number of the row in the file, from 1. */
  readonly row: number;
  readonly line: number;
  /** As in the file; secrets masked. */
  readonly user: Readonly<Record<string, unknown>>;
  readonly errors: readonly { readonly code: string; readonly message: string; readonly path?: string }[];
}

/** Rows of a job that failed, in order, after one of them. */
export async function listJobErrors(
  database: Database,
  jobId: string,
  after: number,
  limit: number,
): Promise<JobError[]> {
  const { rows } = await sql<JobError>`
    SELECT "row", line, coalesce("user", '{}') AS "user", errors FROM job_errors
    WHERE job_id = ${jobId} AND "row" > ${after} ORDER BY "row" LIMIT ${limit}`.execute(database);
  return rows.map(({ row, line, user, errors }) => ({ user, errors, row, line }));
}

/** A job that nobody has begun ends at once; one that runs ends after its step. @returns the job afterwards */
export async function askCancellation(transaction: Database, id: string): Promise<Job | undefined> {
  const { rows } = await sql<JobRow>`
    UPDATE jobs SET is_cancellation_asked = true,
      status = CASE WHEN status = 'pending' THEN 'cancelled' ELSE status END,
      ended_at = CASE WHEN status = 'pending' THEN now() ELSE ended_at END
    WHERE job_id = ${id} RETURNING *`.execute(transaction);
  if (rows[0]?.status === 'cancelled') await deleteSource(transaction, id);
  return rows[0] && toJob(rows[0]);
}

/** Deletes jobs that ended before the time, with their files, and uploads that nobody touched since. */
export async function deleteExpiredJobs(database: Database, before: Date): Promise<number> {
  await sql`
    DELETE FROM job_files WHERE touched_at < ${before} AND NOT EXISTS (
      SELECT 1 FROM jobs WHERE (ended_at IS NULL OR ended_at >= ${before})
        AND job_files.file_id IN (source_file_id, result_file_id, report_file_id))`.execute(database);
  const { rows } = await sql`DELETE FROM jobs WHERE ended_at < ${before} RETURNING job_id`.execute(database);
  return rows.length;
}

function only(rows: readonly JobRow[]): Job {
  const [row] = rows;
  if (!row) throw new Error('the insert of a job returned no row');
  return toJob(row);
}

function toJob(row: JobRow): Job {
  return {
    id: row.job_id,
    kind: row.kind,
    status: row.status,
    connectionId: row.connection_id ?? undefined,
    connection: row.connection ?? undefined,
    externalId: row.external_id ?? undefined,
    parameters: row.parameters,
    caller: row.caller,
    checkpoint: row.checkpoint ?? undefined,
    runCheckpoint: row.run_checkpoint ?? undefined,
    runStartedAt: row.run_started_at ?? undefined,
    summary: row.summary ?? undefined,
    done: row.done,
    total: row.total ?? undefined,
    statusDetails: row.status_details ?? undefined,
    attempts: row.attempts,
    isCancellationAsked: row.is_cancellation_asked,
    sourceFileId: row.source_file_id ?? undefined,
    resultFileId: row.result_file_id ?? undefined,
    reportFileId: row.report_file_id ?? undefined,
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
  };
}
