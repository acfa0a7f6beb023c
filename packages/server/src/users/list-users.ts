import type { listUsers as listUsersOperation, QueryOf } from '@muster/contract';
import { defaultPageSize } from '@muster/contract';
import { ApiError, InvalidQueryError } from '../platform/http/errors.ts';
import { compileFieldSelection } from '../platform/http/field-selection.ts';
import type { UserDependencies } from './dependencies.ts';
import { type PresentedUser, presentUser } from './present-user.ts';
import {
  countUsers,
  listUserPage,
  listUsersWithEmail,
  type UserPage,
  type UserSortField,
  userSortFields,
} from './store.ts';

export type ListUsersInput = QueryOf<typeof listUsersOperation>;
export type UserList =
  | PresentedUser[]
  | { start: number; limit: number; length: number; users: PresentedUser[]; total: number };

/** Lists users by pages, oldest first unless sorted; every page is reachable and totals are exact. */
export async function listUsers(dependencies: UserDependencies, input: ListUsersInput): Promise<UserList> {
  if (input.search_engine === 'v1')
    throw new ApiError(400, 'invalid_query_string', 'You are not allowed to use search_engine=v1.');
  const page = input.page ?? 0;
  const limit = input.per_page ?? defaultPageSize;
  const request: UserPage = {
    offset: page * limit,
    limit,
    sort: parseSort(input.sort),
    ...(input.connection === undefined ? {} : { connection: input.connection }),
  };
  const select = compileFieldSelection(input);
  const [users, total] = await Promise.all([
    limit === 0 ? [] : listUserPage(dependencies.database, request),
    input.include_totals ? countUsers(dependencies.database, input.connection) : undefined,
  ]);
  const presented = users.map((user) => select(presentUser(user, dependencies.presentation)));
  return total === undefined
    ? presented
    : { start: request.offset, limit, length: presented.length, users: presented, total };
}

/** Every user with this e-mail address, across connections. */
export async function findUsersByEmail(
  dependencies: UserDependencies,
  input: { readonly email: string; readonly fields?: string; readonly include_fields?: boolean },
): Promise<PresentedUser[]> {
  const select = compileFieldSelection(input);
  const users = await listUsersWithEmail(dependencies.database, input.email);
  return users.map((user) => select(presentUser(user, dependencies.presentation)));
}

function parseSort(sort: string | undefined): UserPage['sort'] {
  if (sort === undefined) return { field: 'created_at', descending: false };
  const [name, direction] = sort.split(':');
  const field = userSortFields.find((known): known is UserSortField => known === name);
  if (!field) {
    throw new InvalidQueryError(
      `Query validation error: 'Cannot sort by ${name}. Sort by one of ${userSortFields.join(', ')}' on property sort (Field to sort by).`,
    );
  }
  return { field, descending: direction === '-1' };
}
