import type { listRoleUsers as listOperation, QueryOf, RoleUser } from '@muster/contract';
import type { Static } from 'typebox';
import type { Database } from '../platform/database/database.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { readList } from '../platform/http/paging.ts';
import { findUsers, type Presentation, presentUser, type User } from '../users/index.ts';
import { changeRoles } from './change-roles.ts';
import { RoleNotFoundError } from './errors.ts';
import { findStoredRole, listUsersOfRole, listUsersOfRoleAfter, type RoleMember } from './store.ts';

export interface RoleUsersDependencies {
  readonly database: Database;
  readonly presentation: Presentation;
}

/** @throws RoleNotFoundError */
export async function listRoleUsers(
  { database, presentation }: RoleUsersDependencies,
  roleId: string,
  query: QueryOf<typeof listOperation>,
  url: URL,
): Promise<unknown> {
  if (!(await findStoredRole(database, roleId))) throw new RoleNotFoundError();
  const { body } = await readList(
    {
      readByOffset: async (page) => {
        const wantsTotal = query.include_totals === true;
        const { rows, total } = await listUsersOfRole(database, roleId, page, wantsTotal);
        return { rows: await readUsers(database, rows), total };
      },
      readAfter: async (checkpoint, limit) =>
        readUsers(database, await listUsersOfRoleAfter(database, roleId, checkpoint, limit)),
    },
    { key: 'users', query, url, present: ({ user }) => presentRoleUser(user, presentation) },
  );
  return body;
}

/** All of them or nobody. @throws UserNotFoundError, RoleNotFoundError */
export async function assignRoleUsers(
  database: Database,
  roleId: string,
  userIds: readonly string[],
  context: ChangeContext,
): Promise<void> {
  await database
    .transaction()
    .execute((transaction) =>
      changeRoles(
        transaction,
        { kind: 'assign', userIds, roleIds: [roleId] },
        { ...context, statusCode: 200 },
      ),
    );
}

/** The members with their users; somebody who was deleted between the two readings is left out. */
async function readUsers(
  database: Database,
  members: readonly RoleMember[],
): Promise<(RoleMember & { readonly user: User })[]> {
  const found = await findUsers(
    database,
    members.map(({ userId }) => userId),
  );
  const users = new Map(found.map((user) => [user.userId, user]));
  return members.flatMap((member) => {
    const user = users.get(member.userId);
    return user ? [{ ...member, user }] : [];
  });
}

function presentRoleUser(user: User, presentation: Presentation): Static<typeof RoleUser> {
  const presented = presentUser(user, presentation);
  const text = (key: 'email' | 'picture' | 'name') => {
    const value = presented[key];
    return typeof value === 'string' ? { [key]: value } : {};
  };
  return { user_id: user.userId, ...text('email'), ...text('picture'), ...text('name') };
}
