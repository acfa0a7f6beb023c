import type { Caller } from '../platform/http/caller.ts';
import { ApiError } from '../platform/http/errors.ts';
import { findJob, type Job } from '../platform/jobs/index.ts';
import type { JobDependencies } from './dependencies.ts';
import { JobNotFoundError } from './errors.ts';

/** Scopes that any job is read with. Whoever has others reads the jobs that they asked for. */
const readingScopes = ['create:users', 'read:users'];

/**
 * A job that the caller may follow.
 * @throws JobNotFoundError, ApiError 403 for a job of somebody else's, there or not, where the caller reads only their own
 */
export async function getJob(
  { database }: JobDependencies,
  id: string,
  caller: Caller,
  notFound?: string,
): Promise<Job> {
  const job = await findJob(database, id);
  const readsAny = readingScopes.some((scope) => caller.scopes.has(scope));
  if (!readsAny && (!job || !isOwn(job, caller)))
    throw new ApiError(
      403,
      'insufficient_scope',
      `Insufficient scope, expected any of: ${readingScopes.join(',')}`,
    );
  if (!job) throw new JobNotFoundError(notFound);
  return job;
}

function isOwn({ caller }: Job, { clientId, subject }: Caller): boolean {
  return caller.clientId === clientId && caller.subject === subject;
}
