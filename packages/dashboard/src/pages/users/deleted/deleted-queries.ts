import * as operations from '@muster/contract';
import { defaultDeletedUserRetentionDays, type ManagementClient } from '@muster/contract';
import { queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { useWorkplace } from '../../../api/management.ts';

export type DeletedUser = Static<typeof operations.DeletedUser>;

const pageSize = 50;

/** Users who can still be brought back, the latest deletion first. */
export function useDeletedUsers(text: string) {
  const { management } = useWorkplace();
  return useInfiniteQuery({
    queryKey: ['deleted-users', text],
    initialPageParam: '',
    queryFn: async ({ pageParam }) => {
      const query = {
        take: pageSize,
        ...(text === '' ? {} : { q: text }),
        ...(pageParam === '' ? {} : { from: pageParam }),
      };
      return (await management.call(operations.listDeletedUsers, { query })).body;
    },
    getNextPageParam: ({ next }) => next,
  });
}

/** Days for which deleted users can be brought back. */
export const retentionQuery = (management: ManagementClient) =>
  queryOptions({
    queryKey: ['tenant', 'retention'],
    staleTime: 60_000,
    queryFn: async () => {
      const { body } = await management.call(operations.getTenantSettings, {
        query: { fields: 'deleted_user_retention_days', include_fields: true },
      });
      return body.deleted_user_retention_days ?? defaultDeletedUserRetentionDays;
    },
  });

/** The same; `undefined` until they are known. */
export function useRetentionDays(): number | undefined {
  const { management } = useWorkplace();
  return useQuery(retentionQuery(management)).data;
}

/** Brings a deleted user back, or ends their recovery window now. */
export function useDeletedUserChange(what: 'restore' | 'purge') {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => {
      const parameters = { parameters: { id } };
      await (what === 'restore'
        ? management.call(operations.restoreUser, parameters)
        : management.call(operations.purgeDeletedUser, parameters));
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['deleted-users'] }),
        queries.invalidateQueries({ queryKey: ['users'] }),
        queries.invalidateQueries({ queryKey: ['user'] }),
      ]),
  });
}
