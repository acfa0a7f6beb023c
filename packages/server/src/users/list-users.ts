import type { BodyOf, listUsers as listUsersOperation, QueryOf, searchUsers } from '@muster/contract';
import { defaultPageSize } from '@muster/contract';
import type { Caller } from '../platform/http/caller.ts';
import { ApiError, InvalidQueryError } from '../platform/http/errors.ts';
import { compileFieldSelection } from '../platform/http/field-selection.ts';
import type { UserDependencies } from './dependencies.ts';
import { type PresentedUser, presentUser } from './present-user.ts';
import { decodeCheckpoint, encodeCheckpoint } from './search/checkpoint.ts';
import { compileSearch } from './search/compile-search.ts';
import type { IndexNode } from './search/index-node.ts';
import { asksForRoles, requireRoleScopes } from './search/role-scopes.ts';
import { defaultSort, parseSortOrder, type SortOrder, sortFieldNames } from './search/sort-order.ts';
import { findUsers, listUsersWithEmail } from './store.ts';

export type ListUsersInput = QueryOf<typeof listUsersOperation> | BodyOf<typeof searchUsers>;
export type UserList =
  | PresentedUser[]
  | { start: number; limit: number; length: number; users: PresentedUser[]; total: number }
  | { users: PresentedUser[]; next?: string; total?: number };

/**
 * Lists or searches users: by page, every page reachable and totals exact, or with `take`/`from` by checkpoint, which
 * stays right while users come and go. Oldest first unless sorted.
 * @param signal aborted when nobody waits for the answer any more
 * @throws InvalidSearchError for a query that cannot be understood, InvalidQueryError, SearchTimeoutError, ApiError 403 for a
 *   search by roles without the scopes to read those
 */
export async function listUsers(
  dependencies: UserDependencies,
  input: ListUsersInput,
  { caller, signal }: { readonly caller: Caller; readonly signal?: AbortSignal | undefined },
): Promise<UserList> {
  if (input.search_engine === 'v1') {
    throw new ApiError(
      400,
      'invalid_query_string',
      input.q === undefined
        ? 'You are not allowed to use search_engine=v1.'
        : "The 'q' parameter is available only if you specify 'search_engine=v2|v3'.",
    );
  }
  const node = compileSearch(input.q, input.connection);
  if (asksForRoles(node)) requireRoleScopes(caller.scopes);
  if (input.take !== undefined || input.from !== undefined)
    return listAfter(dependencies, input, node, signal);
  const limit = input.per_page ?? defaultPageSize;
  const offset = (input.page ?? 0) * limit;
  const sort = input.sort === undefined ? defaultSort : readSort(input.sort);
  const wantsTotal = input.include_totals ?? false;
  if (limit === 0 && !wantsTotal) return [];
  const found = await dependencies.search.find({ node, sort, offset, limit, wantsTotal, signal });
  const users = await showUsers(dependencies, input, found.rows);
  return wantsTotal ? { start: offset, limit, length: users.length, users, total: found.total ?? 0 } : users;
}

async function listAfter(
  dependencies: UserDependencies,
  input: ListUsersInput,
  node: IndexNode,
  signal: AbortSignal | undefined,
): Promise<UserList> {
  refuseOffsets(input);
  const list = { q: input.q, connection: input.connection };
  const checkpoint = input.from ? decodeCheckpoint(input.from, list) : undefined;
  const sort = input.sort === undefined ? (checkpoint?.sort ?? defaultSort) : readSort(input.sort);
  if (
    checkpoint &&
    (checkpoint.sort.name !== sort.name || checkpoint.sort.isDescending !== sort.isDescending)
  ) {
    throw new InvalidQueryError(
      "Query validation error: 'This `next` belongs to a list in another order' on property from (Optional id from which to start selection).",
    );
  }
  const take = input.take ?? defaultPageSize;
  const found = await dependencies.search.find({
    node,
    sort,
    offset: 0,
    limit: take + 1,
    ...(checkpoint ? { after: checkpoint.after } : {}),
    wantsTotal: input.include_totals === true && !checkpoint ? 'ifQuick' : false,
    signal,
  });
  const rows = found.rows.slice(0, take);
  const last = rows.at(-1);
  const users = await showUsers(dependencies, input, rows);
  return {
    users,
    ...(found.rows.length > take && last ? { next: encodeCheckpoint(list, sort, last) } : {}),
    ...(found.total === undefined ? {} : { total: found.total }),
  };
}

/** A page has a number and a total, a checkpoint neither: who asks for both would get the wrong one. */
function refuseOffsets(input: ListUsersInput): void {
  const named = (['page', 'per_page'] as const).find((name) => input[name] !== undefined);
  if (named === undefined) return;
  throw new InvalidQueryError(
    `Query validation error: 'Lists by checkpoint (take, from) have no ${named}; take is the length of their pages' on property ${named}.`,
  );
}

async function showUsers(
  dependencies: UserDependencies,
  input: ListUsersInput,
  rows: readonly { readonly userId: string }[],
): Promise<PresentedUser[]> {
  const select = compileFieldSelection(input);
  const users = await findUsers(
    dependencies.database,
    rows.map(({ userId }) => userId),
  );
  return users.map((user) => select(presentUser(user, dependencies.presentation)));
}

function readSort(text: string): SortOrder {
  const sort = parseSortOrder(text);
  if (sort) return sort;
  throw new InvalidQueryError(
    `Query validation error: 'Cannot sort by ${text.slice(0, text.lastIndexOf(':'))}. Sort by ${sortFieldNames.join(', ')}, or by a path such as user_metadata.plan' on property sort (Field to sort by).`,
  );
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
