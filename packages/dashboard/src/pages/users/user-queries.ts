import * as operations from '@muster/contract';
import { type CallAnswer, ManagementCallError, type ManagementClient } from '@muster/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { useWorkplace } from '../../api/management.ts';

export type User = Static<typeof operations.User>;
export type UserChange = operations.BodyOf<typeof operations.updateUser>;

export interface UserListQuery {
  readonly q: string | undefined;
  readonly sort: string;
  /** Root fields of each user. */
  readonly fields: readonly string[];
}

const pageSize = 50;

/**
 * Users page by page; a page is one request, and stable while others are added and removed. The first one tells how many there
 * are, where counting them does not make it late.
 */
export function useUserPages({ q, sort, fields }: UserListQuery, isEnabled: boolean) {
  const { management } = useWorkplace();
  return useInfiniteQuery({
    queryKey: ['users', 'list', q, sort, fields],
    enabled: isEnabled,
    initialPageParam: '',
    queryFn: async ({ pageParam }) => {
      const query = {
        ...(q === undefined ? {} : { q }),
        sort,
        take: pageSize,
        fields: fields.join(','),
        ...(pageParam === '' ? { include_totals: true } : { from: pageParam }),
      };
      const { body } = await management.call(operations.listUsers, { query });
      if (Array.isArray(body)) return { users: body, next: undefined, total: undefined };
      return { users: body.users, next: 'next' in body ? body.next : undefined, total: body.total };
    },
    getNextPageParam: (page) => page.next,
  });
}

/** How many users a search finds, exactly. */
export async function countUsers(management: ManagementClient, q: string | undefined): Promise<number> {
  const { body } = await management.call(operations.searchUsers, {
    body: {
      ...(q === undefined ? {} : { q }),
      page: 0,
      per_page: 1,
      include_totals: true,
      fields: 'user_id',
    },
  });
  return !Array.isArray(body) && 'total' in body ? body.total : 0;
}

/** A user with their version, so that a change of somebody else's is noticed. */
export function useUser(id: string) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['user', id],
    queryFn: async () => {
      const { body, etag } = await management.call(operations.getUser, { parameters: { id } });
      return { user: body, etag };
    },
  });
}

/** Changes the user as it was shown; somebody else's change meanwhile is refused with 412. */
export function useUserChange(id: string, etag: string | undefined) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: UserChange) =>
      management.call(operations.updateUser, {
        parameters: { id },
        body,
        ...(etag === undefined ? {} : { ifMatch: etag }),
      }),
    onSuccess: ({ body, etag: next }: CallAnswer<User>) => {
      queries.setQueryData(['user', id], { user: body, etag: next });
      return queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
}

export function isChangedMeanwhile(error: unknown): boolean {
  return error instanceof ManagementCallError && error.statusCode === 412;
}
