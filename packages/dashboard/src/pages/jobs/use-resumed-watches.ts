import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useWorkplace } from '../../api/management.ts';
import { listWatchedJobs } from './watched-jobs.ts';

/** Goes on watching what this person started in this browser; loads what that takes only where there is such a job. */
export function useResumedWatches(): void {
  const workplace = useWorkplace();
  const queries = useQueryClient();
  useEffect(() => {
    if (listWatchedJobs(workplace.session.userId).length > 0)
      void import('../users/list/watch-job.ts').then(({ resumeWatches }) =>
        resumeWatches(queries, workplace),
      );
  }, [queries, workplace]);
}
