import { Readable } from 'node:stream';
import type { Caller } from '../platform/http/caller.ts';
import { type Job, type JobError, listJobErrors } from '../platform/jobs/index.ts';
import type { JobDependencies } from './dependencies.ts';
import { getJob } from './get-job.ts';

/** Errors that are read at a time; thousands of rows with all their attributes would fill the memory. */
const errorsAtOnce = 500;

/** As the reference shows them; where they were in the file is told with the pages that are beyond it. */
function withoutPlace({ user, errors }: JobError): Pick<JobError, 'user' | 'errors'> {
  return { user, errors };
}

/**
 * The rows of a job that failed: JSON text of all of them as it is read, one page where `take` or `from` is given,
 * nothing, or the job itself where it failed without any.
 * @throws what `getJob` throws
 */
export async function findJobErrors(
  dependencies: JobDependencies,
  id: string,
  page: { readonly from?: number; readonly take?: number },
  caller: Caller,
): Promise<{ errors: readonly Partial<JobError>[] | Readable } | { job: Job } | undefined> {
  const { database } = dependencies;
  const job = await getJob(dependencies, id, caller, 'The job does not exist');
  const isPage = page.from !== undefined || page.take !== undefined;
  const first = await listJobErrors(database, id, page.from ?? 0, page.take ?? errorsAtOnce);
  if (first.length === 0 && !isPage) return job.status === 'failed' ? { job } : undefined;
  if (isPage) return { errors: first };
  if (first.length < errorsAtOnce) return { errors: first.map(withoutPlace) };
  const next = (after: number) => listJobErrors(database, id, after, errorsAtOnce);
  return { errors: Readable.from(writeArray(first, next), { objectMode: false }) };
}

async function* writeArray(
  first: readonly JobError[],
  next: (after: number) => Promise<readonly JobError[]>,
): AsyncGenerator<string> {
  let separator = '[';
  for (let errors = first; ; ) {
    const last = errors.at(-1);
    if (!last) break;
    yield separator + errors.map((error) => JSON.stringify(withoutPlace(error))).join(',');
    separator = ',';
    errors = await next(last.row);
  }
  yield ']';
}
