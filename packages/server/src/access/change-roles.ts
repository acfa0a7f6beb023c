import { appendLogEvent, describeManagementChange } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { describeUserOfEvent, indexRoles, lockUsers, UserNotFoundError } from '../users/index.ts';
import { RoleNotFoundError } from './errors.ts';
import { deleteUserRoles, holdRoles, insertUserRoles, listRolesOfUsers } from './store.ts';

export interface RoleChange {
  readonly kind: 'assign' | 'remove';
  readonly userIds: readonly string[];
  readonly roleIds: readonly string[];
}

/**
 * Gives users roles, or takes them, in a transaction of the caller's, with an event for each user whom it changes; all or none.
 * A role is nothing that a user signs in by, nor part of the record that `If-Match` is about.
 * @returns whether anybody had to be changed
 * @throws UserNotFoundError, RoleNotFoundError
 */
export async function changeRoles(
  transaction: Database,
  change: RoleChange,
  context: ChangeContext & { readonly statusCode: number },
): Promise<boolean> {
  const [userIds, roleIds] = [new Set(change.userIds), [...new Set(change.roleIds)]];
  // Users before roles, everywhere: whoever holds both holds them in this order.
  const users = await lockUsers(transaction, [...userIds]);
  if (users.length < userIds.size) throw new UserNotFoundError();
  if ((await holdRoles(transaction, roleIds)).length < roleIds.length) throw new RoleNotFoundError();
  const before = await listRolesOfUsers(transaction, [...userIds]);
  const write = change.kind === 'assign' ? insertUserRoles : deleteUserRoles;
  const changed = await write(transaction, [...userIds], roleIds);
  if (changed.size === 0) return false;
  await indexRoles(transaction, [...changed]);
  const after = await listRolesOfUsers(transaction, [...changed]);
  // A thousand events that each name a thousand users would be a gigantic write.
  const summaryFor = (userId: string) =>
    userIds.size > 1 ? { ...context.summary, body: { users: [userId] } } : context.summary;
  const namesOf = (roles: typeof before, userId: string) => (roles.get(userId) ?? []).map(({ name }) => name);
  for (const user of users.filter(({ userId }) => changed.has(userId)))
    await appendLogEvent(
      transaction,
      describeManagementChange({
        ...context,
        summary: summaryFor(user.userId),
        before: { roles: namesOf(before, user.userId) },
        after: { roles: namesOf(after, user.userId) },
        about: describeUserOfEvent(user),
      }),
    );
  return true;
}
