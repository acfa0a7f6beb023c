import type { ManagementClient } from '@muster/contract';
import * as operations from '@muster/contract';
import { queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { useWorkplace } from '../../api/management.ts';
import { jobTexts } from './texts.ts';

export type Job = Static<typeof operations.Job>;

export type JobType = 'users_import' | 'users_export' | 'users_action';

export const isJobType = (type: unknown): type is JobType =>
  type === 'users_import' || type === 'users_export' || type === 'users_action';

const pageSize = 50;
/** Milliseconds between two looks at a job that is not over. */
export const pause = 1_000;

export const isRunning = (job: Job) => job.status === 'pending' || job.status === 'processing';

/** What a job is called in the list. */
export function nameJob({ type, action }: Job): string {
  if (action !== undefined) return jobTexts[action];
  return type === 'users_import' || type === 'users_export' || type === 'verification_email'
    ? jobTexts[type]
    : type;
}

/** The scope that a job is asked for with, and so is ended with. */
export function scopeOfJob({ type, action }: Job): string {
  if (type === 'users_import') return 'create:users';
  if (action === undefined) return 'read:users';
  return action === 'delete' || action === 'restore' ? 'delete:users' : 'update:users';
}

/** Rows or users that a job is done with. */
export function countDone({ action, summary }: Job): number | undefined {
  if (action === undefined) return summary?.total;
  return summary && (summary.changed ?? 0) + (summary.unchanged ?? 0) + (summary.failed ?? 0);
}

/** The connection that a job is about. The server calls all of them the empty name; mails have none. */
export function nameConnection(job: Job): string {
  return job.connection || (job.type === 'users_export' ? jobTexts.allConnections : '–');
}

/** One job, to be asked for by its id. */
export const jobQuery = (management: ManagementClient, id: string) =>
  queryOptions({
    queryKey: ['jobs', id],
    queryFn: async () => (await management.call(operations.getJob, { parameters: { id } })).body,
  });

/** One job, looked at again while it runs. */
export function useJob(id: string) {
  const { management } = useWorkplace();
  return useQuery({
    ...jobQuery(management, id),
    refetchInterval: ({ state }) => (state.data && isRunning(state.data) ? pause : false),
  });
}

/** Jobs, newest first, looked at again while one runs. */
export function useJobs(type: JobType | undefined) {
  const { management } = useWorkplace();
  return useInfiniteQuery({
    queryKey: ['jobs', 'list', type],
    initialPageParam: 0,
    queryFn: async ({ pageParam: page }) => {
      const query = { page, per_page: pageSize, ...(type === undefined ? {} : { type }) };
      const { body } = await management.call(operations.listJobs, { query });
      return Array.isArray(body) ? body : body.jobs;
    },
    getNextPageParam: (last, _all, page) => (last.length < pageSize ? undefined : page + 1),
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.some(isRunning)) ? pause : false),
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
