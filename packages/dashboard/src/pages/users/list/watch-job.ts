import { ManagementCallError } from '@muster/contract';
import { type QueryClient, QueryObserver } from '@tanstack/react-query';
import type { Workplace } from '../../../api/management.ts';
import { fill } from '../../../texts/texts.ts';
import { showToast, type Toast } from '../../../ui/toasts.tsx';
import { isRunning, type Job, jobQuery, nameJob, pause } from '../../jobs/job-queries.ts';
import { findInverse, startUndo } from '../../jobs/undo-job.ts';
import { listWatchedJobs, noteWatchedJob, settleWatchedJob } from '../../jobs/watched-jobs.ts';
import { retentionQuery } from '../deleted/deleted-queries.ts';
import { refreshUsers } from '../refresh-users.ts';
import { listTexts } from './texts.ts';

/**
 * Waits for a job that nobody looks at any more, on whichever page the person is meanwhile; then shows users as they are now,
 * tells what happened and offers to take it back. Nothing where the job is known to be over.
 * @param onRunning told once, where it is not over yet
 */
export function watchJob(
  queries: QueryClient,
  workplace: Workplace,
  id: string,
  onRunning?: (job: Job) => void,
): void {
  const { management, session } = workplace;
  const query = jobQuery(management, id);
  const known = queries.getQueryData(query.queryKey);
  if (known && !isRunning(known)) return;
  noteWatchedJob(session.userId, id);
  const observer = new QueryObserver(queries, {
    ...query,
    refetchInterval: ({ state }) =>
      isRefused(state.error) || (state.data && !isRunning(state.data)) ? false : pause,
  });
  let isFirst = true;
  const stop = observer.subscribe(({ data: job, error }) => {
    if (isRefused(error)) {
      stop();
      settleWatchedJob(session.userId, id);
    }
    if (!job) return;
    if (isRunning(job)) {
      if (isFirst) onRunning?.(job);
      isFirst = false;
      return;
    }
    stop();
    void refreshUsers(queries);
    if (settleWatchedJob(session.userId, id)) void tellEnd(queries, workplace, job);
  });
}

/** Watches what this person started before the page was loaded anew. */
export function resumeWatches(queries: QueryClient, workplace: Workplace): void {
  for (const id of listWatchedJobs(workplace.session.userId))
    watchJob(queries, workplace, id, (job) =>
      showToast({ text: fill(listTexts.goesOn, { job: nameJob(job) }), link: linkTo(id) }),
    );
}

async function tellEnd(queries: QueryClient, workplace: Workplace, job: Job): Promise<void> {
  const { management, session } = workplace;
  const days = await queries.fetchQuery(retentionQuery(management)).catch(() => undefined);
  const back = findInverse(job, session, days);
  const undo = async () => {
    try {
      if (back) watchJob(queries, workplace, await startUndo(management, job, back));
    } catch (error) {
      showToast({ text: error instanceof Error ? error.message : String(error), link: linkTo(job.id) });
    }
  };
  showToast({
    text: `${nameJob(job)}: ${describeOutcome(job)}`,
    link: linkTo(job.id),
    ...(back ? { action: { label: listTexts.undo, run: () => void undo() } } : {}),
  });
}

const linkTo = (id: string): NonNullable<Toast['link']> => ({
  label: listTexts.seeJob,
  to: '/jobs/$id',
  params: { id },
});

/** Asking again would be refused again. */
const isRefused = (error: unknown) => error instanceof ManagementCallError && error.statusCode < 500;

/** How far a job that is over came, in a line. */
export function describeEnd({ status, summary = {} }: Job): string {
  const { total = 0, changed = 0, unchanged = 0, failed = 0 } = summary;
  return fill(status === 'completed' ? listTexts.finished : listTexts.stopped, {
    changed,
    unchanged,
    done: changed + unchanged + failed,
    count: total,
  });
}

function describeOutcome(job: Job): string {
  const failed = job.summary?.failed ?? 0;
  return [
    describeEnd(job),
    ...(failed === 0 ? [] : [fill(listTexts.failures, { count: failed })]),
    ...(job.status === 'failed' && job.status_details ? [job.status_details] : []),
  ].join(', ');
}
