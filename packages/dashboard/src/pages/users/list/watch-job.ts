import { ManagementCallError, type ManagementClient } from '@muster/contract';
import { type QueryClient, QueryObserver } from '@tanstack/react-query';
import { fill, locale } from '../../../texts/texts.ts';
import { showToast } from '../../../ui/toasts.tsx';
import { isRunning, type Job, jobQuery, nameJob, pause } from '../../jobs/job-queries.ts';
import { refreshUsers } from '../refresh-users.ts';
import { listTexts } from './texts.ts';

const number = new Intl.NumberFormat(locale);

/**
 * Waits for a job that nobody looks at any more, on whichever page the person is meanwhile; then shows users as they are now and
 * tells what happened. Nothing where the job is known to be over.
 */
export function watchJob(queries: QueryClient, management: ManagementClient, id: string): void {
  const query = jobQuery(management, id);
  const known = queries.getQueryData(query.queryKey);
  if (known && !isRunning(known)) return;
  const observer = new QueryObserver(queries, {
    ...query,
    refetchInterval: ({ state }) =>
      isRefused(state.error) || (state.data && !isRunning(state.data)) ? false : pause,
  });
  const stop = observer.subscribe(({ data: job, error }) => {
    if (isRefused(error)) stop();
    if (!job || isRunning(job)) return;
    stop();
    void refreshUsers(queries);
    showToast({
      text: `${nameJob(job)}: ${describeOutcome(job)}`,
      link: { label: listTexts.seeJob, to: '/jobs/$id', params: { id } },
    });
  });
}

/** Asking again would be refused again. */
const isRefused = (error: unknown) => error instanceof ManagementCallError && error.statusCode < 500;

/** How far a job that is over came, in a line. */
export function describeEnd({ status, summary = {} }: Job): string {
  const { total = 0, changed = 0, unchanged = 0, failed = 0 } = summary;
  return fill(status === 'completed' ? listTexts.finished : listTexts.stopped, {
    changed: number.format(changed),
    unchanged: number.format(unchanged),
    done: number.format(changed + unchanged + failed),
    count: number.format(total),
  });
}

function describeOutcome(job: Job): string {
  const failed = job.summary?.failed ?? 0;
  return [
    describeEnd(job),
    ...(failed === 0 ? [] : [fill(listTexts.failures, { count: number.format(failed) })]),
    ...(job.status === 'failed' && job.status_details ? [job.status_details] : []),
  ].join(', ');
}
