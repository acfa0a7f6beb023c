import { advanceJob, type Job, type JobContext } from '../../platform/jobs/index.ts';
import {
  applyBatch,
  type BatchAhead,
  type BatchRules,
  logBatch,
  type PreparedBatch,
  recordFates,
} from './apply-batch.ts';
import { isRefusedRow } from './bisect.ts';
import type { ImportCheckpoint } from './import-job.ts';
import type { UserLines } from './import-lines.ts';
import type { RowFate } from './row-error.ts';

/** Where the import is behind a batch. */
interface Step {
  readonly checkpoint: ImportCheckpoint;
  readonly isCancellationAsked: boolean;
}

export interface BatchWriter {
  /**
   * Begins to write a batch; resolves when the one before it is written, with what that one does not need any more.
   * @throws when the one before it could not be written; then nothing of this one is
   */
  write(batch: PreparedBatch): Promise<Step & { readonly lines: UserLines | undefined }>;
  /** Waits for the last batch. */
  finish(): Promise<Step>;
  /** Lets what is being written end, and closes what was opened. */
  close(): Promise<void>;
}

/** A batch in its transaction, which commits behind the one ahead of it. */
interface Writing {
  readonly batch: PreparedBatch;
  readonly connection: JobContext['connection'];
  readonly claims: BatchAhead['claims'];
  readonly step: Promise<Step>;
}

/** Times that a batch is tried when somebody else takes an identifier between its look and its write; then row by row. */
const mostTries = 3;

/**
 * Writes the batches of a file in its order, two at a time: while PostgreSQL counts and commits one, the rows of the next are
 * written on a second connection. Each commits with its checkpoint, and only behind the one before it.
 */
export function createBatchWriter(
  { connection: own, connect }: JobContext,
  job: Job,
  start: ImportCheckpoint,
  rules: BatchRules,
): BatchWriter {
  let second: JobContext['connection'] | undefined;
  let current: Writing | undefined;
  let reached: Step = { checkpoint: start, isCancellationAsked: false };

  const begin = async (batch: PreparedBatch, ahead: Writing | undefined): Promise<Writing> => {
    let connection = own;
    if (ahead?.connection === own) {
      second ??= await connect();
      connection = second;
    }
    const decided = Promise.withResolvers<ReadonlySet<string>>();
    const step = writeBatch(connection, job, batch, rules, {
      before: ahead?.step ?? Promise.resolve(reached),
      ahead: ahead && { claims: ahead.claims, written: ahead.step },
      decide: decided.resolve,
      isolates: false,
    });
    // Whoever waits for it is told; the next batch waits for its decisions, whatever becomes of it.
    step.then(
      () => decided.resolve(noClaims),
      () => decided.resolve(noClaims),
    );
    return { batch, connection, claims: decided.promise, step };
  };

  const writeAlone = async (batch: PreparedBatch): Promise<Step> => {
    for (let attempt = 2; ; attempt++) {
      try {
        return await writeBatch(own, job, batch, rules, {
          before: Promise.resolve(reached),
          isolates: attempt >= mostTries,
        });
      } catch (error) {
        if (attempt >= mostTries || !isRefusedRow(error)) throw error;
      }
    }
  };

  /** @param behind the batch behind it, which rolls back with it and is begun again */
  const settle = async ({ batch, step }: Writing, behind?: Writing): Promise<void> => {
    try {
      reached = await step;
    } catch (error) {
      await behind?.step.catch(() => undefined);
      if (!isRefusedRow(error)) throw error;
      reached = await writeAlone(batch);
      if (behind) current = await begin(behind.batch, undefined);
    }
  };

  return {
    write: async (batch) => {
      const ahead = current;
      current = await begin(batch, ahead);
      if (ahead) await settle(ahead, current);
      return { ...reached, lines: ahead?.batch.lines };
    },
    finish: async () => {
      const last = current;
      // Behind the step that learned of it, nothing more is written.
      if (reached.isCancellationAsked) await last?.step.catch(() => undefined);
      else if (last) await settle(last);
      current = undefined;
      return reached;
    },
    close: async () => {
      await current?.step.catch(() => undefined);
      await second?.close();
    },
  };
}

const noClaims: ReadonlySet<string> = new Set();

/** Rolls a batch back whose import was cancelled while the one before it was written. */
class CancelledMeanwhile extends Error {
  constructor() {
    super('the import was cancelled while the batch before this one was written');
    this.name = 'CancelledMeanwhile';
  }
}

/** Writes a batch, its fates and the checkpoint behind it, all or nothing. */
async function writeBatch(
  bulk: JobContext['connection'],
  job: Job,
  batch: PreparedBatch,
  rules: BatchRules,
  options: {
    /** The step that this one goes on from. */
    readonly before: Promise<Step>;
    readonly ahead?: BatchAhead | undefined;
    readonly decide?: (claims: ReadonlySet<string>) => void;
    readonly isolates: boolean;
  },
): Promise<Step> {
  return bulk.database.transaction().execute(async (transaction) => {
    const fates = await applyBatch(bulk, transaction, batch, rules, options);
    const { checkpoint, isCancellationAsked } = await options.before;
    if (isCancellationAsked) throw new CancelledMeanwhile();
    const counted = count(fates);
    const summary = add(checkpoint.summary, counted);
    const size = await recordFates(bulk, transaction, job.id, checkpoint.report, fates);
    if (!rules.isDryRun) await logBatch(transaction, rules.event, fates, counted);
    const next: ImportCheckpoint = {
      ...checkpoint,
      place: batch.next,
      read: batch.read,
      report: { ...checkpoint.report, size },
      summary,
    };
    const step = await advanceJob(transaction, job.id, checkpoint.place.row - 1, {
      checkpoint: next,
      done: batch.next.row - 1,
      summary,
    });
    if (!step) throw new Error('another process works on this import');
    return { checkpoint: next, ...step };
  });
}

type Summary = ImportCheckpoint['summary'];

function count(fates: readonly RowFate[]): Summary {
  const summary = { failed: 0, updated: 0, inserted: 0, unchanged: 0, total: fates.length };
  for (const { fate } of fates) summary[fate] += 1;
  return summary;
}

function add(left: Summary, right: Summary): Summary {
  return {
    failed: left.failed + right.failed,
    updated: left.updated + right.updated,
    inserted: left.inserted + right.inserted,
    unchanged: left.unchanged + right.unchanged,
    total: left.total + right.total,
  };
}
