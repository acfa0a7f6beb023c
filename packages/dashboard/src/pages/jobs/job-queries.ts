import * as operations from '@muster/contract';
import { useQuery } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { useWorkplace } from '../../api/management.ts';
import { jobTexts } from './texts.ts';

export type Job = Static<typeof operations.Job>;

/** Milliseconds between two looks at a job that is not over. */
const pause = 1_000;

export const isRunning = (job: Job) => job.status === 'pending' || job.status === 'processing';

/** What a job is called in the list. */
export function nameType(type: string): string {
  return type === 'users_import' || type === 'users_export' || type === 'verification_email'
    ? jobTexts[type]
    : type;
}

/** One job, looked at again while it runs. */
export function useJob(id: string) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['jobs', id],
    queryFn: async () => (await management.call(operations.getJob, { parameters: { id } })).body,
    refetchInterval: ({ state }) => (state.data && isRunning(state.data) ? pause : false),
  });
}

/** The newest jobs, looked at again while one runs. */
export function useJobs() {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['jobs'],
    queryFn: async () => {
      const { body } = await management.call(operations.listJobs, { query: { per_page: 50, page: 0 } });
      return Array.isArray(body) ? body : body.jobs;
    },
    refetchInterval: ({ state }) => (state.data?.some(isRunning) ? pause : false),
  });
}

/** Names of the connections by id, those of databases first; for choices. */
export function useConnections(strategy?: 'auth0') {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['connections', 'names', strategy],
    staleTime: 60_000,
    queryFn: async () => {
      const { body } = await management.call(operations.listConnections, {
        query: {
          fields: 'id,name',
          include_fields: true,
          ...(strategy === undefined ? {} : { strategy: [strategy] }),
        },
      });
      const list = Array.isArray(body) ? body : body.connections;
      return list.map(({ id, name }) => ({ value: id ?? '', label: name ?? '' }));
    },
  });
}
