import { appendLogEvent, describeManagementChange } from '../logs/index.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { ApiError } from '../platform/http/errors.ts';
import { askCancellation, type Job } from '../platform/jobs/index.ts';
import type { JobDependencies } from './dependencies.ts';
import { JobNotFoundError } from './errors.ts';
import { type PresentedJob, presentJob } from './present-job.ts';
import { parseActionParameters, scopeOfAction } from './users-actions/action-job.ts';

/** Scope that a job of each kind is asked for with, and so is ended with. */
function scopeOfJob({ kind, parameters }: Job): string | undefined {
  switch (kind) {
    case 'users_import':
      return 'create:users';
    case 'users_export':
      return 'read:users';
    case 'users_action':
      return scopeOfAction(parseActionParameters(parameters).action);
    default:
      return undefined;
  }
}

/**
 * Ends a job: at once when nobody has begun it, else after its step.
 * @throws JobNotFoundError, ApiError 403 for a job of a kind that the caller could not have asked for
 */
export async function cancelJob(
  dependencies: JobDependencies,
  id: string,
  context: ChangeContext,
): Promise<PresentedJob> {
  return dependencies.database.transaction().execute(async (transaction) => {
    const job = await askCancellation(transaction, id);
    if (!job) throw new JobNotFoundError();
    const needed = scopeOfJob(job);
    if (needed !== undefined && !context.caller.scopes.has(needed))
      throw new ApiError(403, 'insufficient_scope', `Insufficient scope, expected any of: ${needed}`);
    const presented = presentJob(job, dependencies, context.caller);
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 202, response: presented }),
    );
    return presented;
  });
}
