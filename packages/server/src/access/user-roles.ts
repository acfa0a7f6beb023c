import type { listUserRoles as listOperation, QueryOf } from '@muster/contract';
import type { Database } from '../platform/database/database.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { readList } from '../platform/http/paging.ts';
import { findUser, UserNotFoundError } from '../users/index.ts';
import { changeRoles, type RoleChange } from './change-roles.ts';
import { presentRole } from './roles.ts';
import { listRolesOfUser } from './store.ts';

/** @throws UserNotFoundError */
export async function listUserRoles(
  database: Database,
  userId: string,
  query: QueryOf<typeof listOperation>,
  url: URL,
): Promise<unknown> {
  if (!(await findUser(database, userId))) throw new UserNotFoundError();
  const { body } = await readList(
    { readByOffset: (page) => listRolesOfUser(database, userId, page) },
    { key: 'roles', query, url, present: presentRole },
  );
  return body;
}

/** @throws UserNotFoundError, RoleNotFoundError */
export async function changeUserRoles(
  database: Database,
  userId: string,
  { kind, roles }: { readonly kind: RoleChange['kind']; readonly roles: readonly string[] },
  context: ChangeContext,
): Promise<void> {
  await database
    .transaction()
    .execute((transaction) =>
      changeRoles(transaction, { kind, userIds: [userId], roleIds: roles }, { ...context, statusCode: 204 }),
    );
}
