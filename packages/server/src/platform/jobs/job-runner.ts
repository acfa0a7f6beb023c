import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { BulkConnection } from '../database/bulk-connection.ts';
import type { Database } from '../database/database.ts';
import type { Job } from './job.ts';
import { beginJob, endJob, listOpenJobIds, tryLockJob } from './jobs-store.ts';

/** What the handler of a job works with: a connection of its own, which holds the job's lock. */
export interface JobContext {
  readonly connection: BulkConnection;
  /** Opens another one, for reading beside it; the handler closes it. */
  readonly connect: () => Promise<BulkConnection>;
  /** Aborted when the process stops; the handler returns `undefined` at the next step's end. */
  readonly signal: AbortSignal;
}

export type JobOutcome =
  | {
      readonly status: 'completed' | 'failed' | 'cancelled';
      readonly details?: string | undefined;
      /** Whether the file that the job read stays for another job; default false. */
      readonly keepsSource?: boolean | undefined;
      /** Tidying that nobody has to wait for; may be lost. */
      readonly afterwards?: (() => Promise<void>) | undefined;
    }
  /** Not at its end: another process, or the next start, goes on from the checkpoint. */
  | undefined;

/**
 * Works on jobs of one kind, in steps that commit with their checkpoint. It may be ended at any moment and is then
 * begun again; it throws for what may pass by itself.
 */
export type JobHandler = (job: Job, context: JobContext) => Promise<JobOutcome>;

export interface JobRunnerOptions {
  /** Where open jobs are looked for, and ended: its commits wait for the disk. */
  readonly database: Database;
  readonly connect: () => Promise<BulkConnection>;
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** Told of every job that ended, in the transaction that ends it. */
  readonly listener?: JobListener;
  readonly logger: FastifyBaseLogger;
}

export interface JobListener {
  jobEnded(transaction: Database, job: Job): Promise<void>;
}

export interface JobRunner {
  /** Resolves when there was nothing to do for `idle` milliseconds. */
  readonly idle: Promise<void>;
  /** Lets running steps end. */
  stop(): Promise<void>;
}

/** Jobs that one process works on at a time: a small one need not wait for a large one. */
const mostAtOnce = 3;
/** Milliseconds between two looks for new jobs: who imports three users waits for it. */
const pollInterval = 100;
/** Milliseconds before a job that stopped is taken up again, for each time that it was. */
const retryPause = 500;
/** Times that a job is taken up without getting any further before it counts as failed. */
const mostAttempts = 20;

/**
 * Works on open jobs until it is stopped. Any number of runners, in any number of processes, share the jobs of a
 * database: a job belongs to the session that holds its advisory lock, and PostgreSQL releases that lock with the
 * session, however the process ended.
 */
export function startJobRunner(options: JobRunnerOptions, idleAfter = Number.POSITIVE_INFINITY): JobRunner {
  const stopping = new AbortController();
  const running = new Map<string, Promise<void>>();
  const loop = async () => {
    let lastBusy = performance.now();
    while (!stopping.signal.aborted) {
      try {
        const open = await listOpenJobIds(options.database);
        for (const id of open) {
          if (running.size >= mostAtOnce) break;
          if (running.has(id)) continue;
          running.set(
            id,
            workOn(id, options, stopping.signal).finally(() => running.delete(id)),
          );
        }
      } catch (error) {
        options.logger.warn({ err: error }, 'open jobs could not be read; trying again');
      }
      if (running.size > 0) lastBusy = performance.now();
      if (performance.now() - lastBusy > idleAfter) return;
      await wait(pollInterval, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const idle = loop();
  return {
    idle,
    stop: async () => {
      stopping.abort();
      await idle;
      await Promise.all(running.values());
    },
  };
}

async function workOn(id: string, options: JobRunnerOptions, signal: AbortSignal): Promise<void> {
  const logger = options.logger.child({ job: id });
  let connection: BulkConnection | undefined;
  let attempts = 1;
  try {
    connection = await options.connect();
    const { database } = connection;
    if (!(await tryLockJob(database, id))) return;
    const job = await beginJob(database, id);
    if (!job) return;
    attempts = Math.max(1, job.attempts);
    const outcome = await work(job, { connection, connect: options.connect, signal }, options);
    if (!outcome) return;
    await options.database.transaction().execute(async (transaction) => {
      const ended = await endJob(transaction, id, outcome);
      if (ended) await options.listener?.jobEnded(transaction, ended);
    });
    await outcome.afterwards?.();
  } catch (error) {
    logger.error({ err: error }, 'a job stopped before its end; it is taken up again');
    // The lock is kept meanwhile: what fails here fails elsewhere too.
    await wait(retryPause * attempts, undefined, { signal }).catch(() => undefined);
  } finally {
    await connection?.close().catch(() => undefined);
  }
}

async function work(job: Job, context: JobContext, { handlers }: JobRunnerOptions): Promise<JobOutcome> {
  if (job.isCancellationAsked) return { status: 'cancelled' };
  const handler = handlers[job.kind];
  if (!handler)
    return { status: 'failed', details: `This version of Muster cannot do jobs of kind ${job.kind}.` };
  if (job.attempts > mostAttempts)
    return {
      status: 'failed',
      details: `It was begun ${mostAttempts} times without getting further. The server's log says why.`,
    };
  return handler(job, context);
}
