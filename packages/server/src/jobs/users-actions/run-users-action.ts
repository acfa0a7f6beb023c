import type { Database } from '../../platform/database/database.ts';
import { rehearse } from '../../platform/database/savepoint.ts';
import type { Caller } from '../../platform/http/caller.ts';
import { ApiError } from '../../platform/http/errors.ts';
import {
  advanceJob,
  type Job,
  type JobContext,
  type JobHandler,
  type JobOutcome,
  scopesLost,
} from '../../platform/jobs/index.ts';
import { compileSearch, defaultSort } from '../../users/index.ts';
import { findJobCaller, type NarrowToStanding } from '../find-job-caller.ts';
import {
  type ActionCheckpoint,
  type ActionParameters,
  parseActionCheckpoint,
  parseActionParameters,
  scopeOfAction,
} from './action-job.ts';
import { type ApplyDependencies, applyAction } from './apply-action.ts';
import { listJobUsers, noteChangedUsers, noteJobUsers, setUserFate, type UserFate } from './store.ts';

export interface UsersActionDependencies extends ApplyDependencies {
  readonly narrowToStanding: NarrowToStanding;
}

/** Users that a search notes in one step. */
const notedAtOnce = 1_500;
/** Users between two looks at what the caller may still do. */
const actedAtOnce = 200;
/** Times that one user may stop the job unexpectedly before that is their fate. */
const mostStops = 5;

/** Where a run is: what the next step begins from. */
interface Position {
  readonly checkpoint: ActionCheckpoint;
  /** As the job's row has it: a step that does not begin there is another process's. */
  readonly done: number;
  readonly summary: Readonly<Record<UserFate, number>>;
}

/** The handler of `users_action` jobs. */
export function createUsersActionHandler(dependencies: UsersActionDependencies): JobHandler {
  return (job, context) => runUsersAction(dependencies, job, context);
}

/**
 * Notes whom the action is for, since it may change what the search finds, and then gives each their fate in a transaction of
 * its own, together with the checkpoint: two users are never held at once, so no call for one waits for long, or for ever.
 */
async function runUsersAction(
  dependencies: UsersActionDependencies,
  job: Job,
  context: JobContext,
): Promise<JobOutcome> {
  const parameters = parseActionParameters(job.parameters);
  let position = begin(job, parameters);
  while (!position.checkpoint.isNoted) {
    const step = await noteStep(dependencies, job, parameters, context, position);
    position = step.position;
    if (step.isCancellationAsked) return { status: 'cancelled' };
    if (context.signal.aborted) return undefined;
  }
  let isFirst = true;
  for (;;) {
    const { database } = context.connection;
    const targets = await listJobUsers(database, job.id, position.checkpoint.acted, actedAtOnce);
    if (targets.length === 0) return { status: 'completed' };
    const caller = await findCaller(dependencies, job, parameters);
    if (!caller)
      return {
        status: 'failed',
        details: `${scopesLost} What was done so far stays.`,
      };
    for (const target of targets) {
      const givesUp = isFirst && job.attempts > mostStops;
      const step = await actStep(dependencies, job, parameters, database, position, target, caller, givesUp);
      isFirst = false;
      position = step.position;
      if (step.isCancellationAsked) return { status: 'cancelled' };
      if (context.signal.aborted) return undefined;
    }
  }
}

function begin(job: Job, parameters: ActionParameters): Position {
  const isNoted = parameters.q === undefined && parameters.changedBy === undefined;
  return {
    checkpoint: job.checkpoint
      ? parseActionCheckpoint(job.checkpoint)
      : { noted: isNoted ? (job.total ?? 0) : 0, isNoted, acted: 0 },
    done: job.done,
    summary: { changed: 0, unchanged: 0, failed: 0, ...job.summary },
  };
}

/** A role that was taken, or a block, ends the job as it ends calls. */
async function findCaller(
  { narrowToStanding }: UsersActionDependencies,
  job: Job,
  { action, scopes }: ActionParameters,
): Promise<Caller | undefined> {
  const caller = await findJobCaller(narrowToStanding, job, scopes);
  return caller?.isReadOnly === false && caller.scopes.has(scopeOfAction(action)) ? caller : undefined;
}

interface Step {
  readonly position: Position;
  readonly isCancellationAsked: boolean;
}

async function noteStep(
  { users }: UsersActionDependencies,
  job: Job,
  { q, changedBy }: ActionParameters,
  { connection: { database } }: JobContext,
  position: Position,
): Promise<Step> {
  const { checkpoint } = position;
  if (changedBy !== undefined)
    return database.transaction().execute(async (transaction) => {
      const noted = await noteChangedUsers(transaction, job.id, changedBy);
      return move(transaction, job, position, noted, { noted, isNoted: true, acted: 0 });
    });
  const { rows } = await users.search.find({
    node: compileSearch(q === '' ? undefined : q, job.connection),
    sort: defaultSort,
    offset: 0,
    limit: notedAtOnce,
    wantsTotal: false,
    ...(checkpoint.after ? { after: checkpoint.after } : {}),
  });
  const userIds = rows.map(({ userId }) => userId);
  const last = rows.at(-1);
  return database.transaction().execute(async (transaction) => {
    const noted = await noteJobUsers(transaction, job.id, checkpoint.noted, userIds);
    return move(transaction, job, position, noted, {
      ...checkpoint,
      noted: checkpoint.noted + noted,
      isNoted: rows.length < notedAtOnce,
      ...(last ? { after: { key: last.key, id: last.id } } : {}),
    });
  });
}

async function actStep(
  dependencies: UsersActionDependencies,
  job: Job,
  parameters: ActionParameters,
  database: Database,
  position: Position,
  target: { readonly number: number; readonly userId: string },
  caller: Caller,
  givesUp: boolean,
): Promise<Step> {
  const settle = async (
    transaction: Database,
    fate: UserFate,
    failure?: { code: string; message: string },
  ) => {
    await setUserFate(transaction, job.id, target, fate, failure);
    const summary = { ...position.summary, [fate]: position.summary[fate] + 1 };
    const checkpoint = { ...position.checkpoint, acted: target.number };
    return move(transaction, job, { ...position, summary }, 1, checkpoint);
  };
  try {
    return await database.transaction().execute(async (transaction) => {
      const by = { caller, jobId: job.id };
      const act = () => applyAction(dependencies, transaction, target.userId, parameters, by);
      const isChanged = await (parameters.isDryRun === true ? rehearse(transaction, act) : act());
      return settle(transaction, isChanged ? 'changed' : 'unchanged');
    });
  } catch (error) {
    const failure = describeFailure(error, givesUp);
    if (!failure) throw error;
    return database.transaction().execute((transaction) => settle(transaction, 'failed', failure));
  }
}

/** What is expected is the user's fate; what is not is tried again, and told of in the server's log, some times. */
function describeFailure(error: unknown, givesUp: boolean): { code: string; message: string } | undefined {
  if (error instanceof ApiError)
    return { code: error.errorCode ?? String(error.statusCode), message: error.message };
  if (!givesUp || error instanceof LostJobError) return undefined;
  return { code: 'internal_error', message: "This went wrong several times. The server's log says why." };
}

/** Another process took the job up: this one's step is rolled back. */
class LostJobError extends Error {}

async function move(
  transaction: Database,
  job: Job,
  { done, summary }: Position,
  gained: number,
  checkpoint: ActionCheckpoint,
): Promise<Step> {
  const next = { checkpoint, done: done + gained, summary };
  const advanced = await advanceJob(transaction, job.id, done, {
    ...next,
    ...(checkpoint.isNoted ? { total: checkpoint.noted } : {}),
  });
  if (!advanced) throw new LostJobError(`another process works on ${job.id}`);
  return { position: next, isCancellationAsked: advanced.isCancellationAsked };
}
