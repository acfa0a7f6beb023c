import * as operations from '@muster/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { useWorkplace } from '../../api/management.ts';

export type Role = Static<typeof operations.Role>;
export type RoleChange = operations.BodyOf<typeof operations.updateRole>;

/** Of one answer; a tenant has tens of roles. */
const pageSize = 100;
const membersPageSize = 50;

/** Every role, by its name. */
export function useRoles({ isWanted = true }: { readonly isWanted?: boolean } = {}) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['roles', 'list'],
    enabled: isWanted,
    queryFn: () =>
      collect(async (page) => {
        const query = { page, per_page: pageSize };
        const { body } = await management.call(operations.listRoles, { query });
        return Array.isArray(body) ? body : body.roles;
      }),
  });
}

/** The roles that a user has. */
export function useUserRoles(userId: string) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['user', userId, 'roles'],
    queryFn: () =>
      collect(async (page) => {
        const query = { page, per_page: pageSize };
        const call = { parameters: { id: userId }, query };
        const { body } = await management.call(operations.listUserRoles, call);
        return Array.isArray(body) ? body : body.roles;
      }),
  });
}

/** What a user may do at APIs, of their own and by their roles. */
export function useUserPermissions(userId: string) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['user', userId, 'permissions'],
    queryFn: () =>
      collect(async (page) => {
        const query = { page, per_page: pageSize };
        const call = { parameters: { id: userId }, query };
        const { body } = await management.call(operations.listUserPermissions, call);
        return Array.isArray(body) ? body : body.permissions;
      }),
  });
}

/** What a role lets its users do at APIs. */
export function useRolePermissions(roleId: string) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['roles', roleId, 'permissions'],
    queryFn: () =>
      collect(async (page) => {
        const query = { page, per_page: pageSize };
        const call = { parameters: { id: roleId }, query };
        const { body } = await management.call(operations.listRolePermissions, call);
        return Array.isArray(body) ? body : body.permissions;
      }),
  });
}

/** One role, with how many have it. */
export function useRole(id: string) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['roles', id],
    queryFn: async () => {
      const parameters = { id };
      const [{ body: role }, { body: members }] = await Promise.all([
        management.call(operations.getRole, { parameters }),
        management.call(operations.listRoleUsers, {
          parameters,
          query: { page: 0, per_page: 1, include_totals: true },
        }),
      ]);
      return { role, total: 'total' in members ? members.total : 0 };
    },
  });
}

/** Who has the role, page by page, who has it for longest first. */
export function useRoleMembers(id: string) {
  const { management } = useWorkplace();
  return useInfiniteQuery({
    queryKey: ['roles', id, 'members'],
    initialPageParam: '',
    queryFn: async ({ pageParam }) => {
      const query = { take: membersPageSize, ...(pageParam === '' ? {} : { from: pageParam }) };
      const { body } = await management.call(operations.listRoleUsers, { parameters: { id }, query });
      if (Array.isArray(body)) return { users: body, next: undefined };
      return { users: body.users, next: 'next' in body ? body.next : undefined };
    },
    getNextPageParam: (page) => page.next,
  });
}

export interface Assignment {
  readonly kind: 'assign' | 'remove';
  readonly userId: string;
  readonly roleId: string;
}

/** Gives a user a role, or takes it. */
export function useAssignment() {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, userId, roleId }: Assignment) =>
      management.call(kind === 'assign' ? operations.assignUserRoles : operations.removeUserRoles, {
        parameters: { id: userId },
        body: { roles: [roleId] },
      }),
    onSettled: (_answer, _error, { userId, roleId }) =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['user', userId, 'roles'] }),
        queries.invalidateQueries({ queryKey: ['user', userId, 'permissions'] }),
        queries.invalidateQueries({ queryKey: ['roles', roleId] }),
      ]),
  });
}

/** All rows of a list that is read by offset. */
async function collect<Row>(readPage: (page: number) => Promise<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 0; ; page++) {
    const found = await readPage(page);
    rows.push(...found);
    if (found.length < pageSize) return rows;
  }
}
