import { assignUserRoles, removeUserRoles } from '@muster/contract';
import { appendLogEvents, type LogEvent } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import { describeUserOfEvent, type ImportedRoles, RoleGoneError, type RolesOfUser } from '../users/index.ts';
import {
  deleteMemberships,
  findRolesByName,
  holdRoles,
  insertMemberships,
  listKnownRoles,
  listRolesOfUsers,
  type Membership,
  type StoredRole,
} from './store.ts';

/** How imports give roles and take them. */
export const importedRoles: ImportedRoles = {
  findIds: async (database, names) =>
    new Map((await findRolesByName(database, names)).map(({ id, name }) => [name, id])),

  listKnown: async (database, roleIds) => new Set(await listKnownRoles(database, roleIds)),

  listIds: async (database, userIds) =>
    new Map(
      [...(await listRolesOfUsers(database, userIds))].map(([userId, roles]) => [userId, idsOf(roles)]),
    ),

  give: async (transaction, members) => {
    await giveHeld(transaction, members.flatMap(listMemberships));
  },

  replace: async (transaction, changes, event) => {
    const userIds = changes.map(({ userId }) => userId);
    const before = await listRolesOfUsers(transaction, userIds);
    const memberships = changes.flatMap((change) => {
      const [had, has] = [new Set(idsOf(before.get(change.userId))), new Set(change.roleIds)];
      return {
        given: listMemberships({ userId: change.userId, roleIds: [...has.difference(had)] }),
        taken: listMemberships({ userId: change.userId, roleIds: [...had.difference(has)] }),
      };
    });
    const given = memberships.flatMap((change) => change.given);
    const taken = memberships.flatMap((change) => change.taken);
    // All at once, before any is given or taken: whoever deletes a role waits for its users' rows.
    await giveHeld(transaction, given, taken);
    await deleteMemberships(transaction, taken);
    const after = await listRolesOfUsers(transaction, userIds);
    await appendLogEvents(
      transaction,
      changes.map(({ userId, user }, index) => ({
        ...event,
        ...describeUserOfEvent(user),
        ...describeChange(event, {
          isAssignment: (memberships[index]?.given.length ?? 0) > 0,
          before: namesOf(before.get(userId)),
          after: namesOf(after.get(userId)),
        }),
      })),
    );
  },
};

/** @throws RoleGoneError */
async function giveHeld(
  transaction: Database,
  given: readonly Membership[],
  taken: readonly Membership[] = [],
): Promise<void> {
  const ids = [...given, ...taken].map(({ roleId }) => roleId);
  const held = new Set((await holdRoles(transaction, [...new Set(ids)])).map(({ id }) => id));
  if (given.some(({ roleId }) => !held.has(roleId))) throw new RoleGoneError();
  await insertMemberships(transaction, given);
}

/** The call for one user whose title the event has, so that a history reads the same either way. */
function describeChange(
  { details }: LogEvent,
  { isAssignment, ...roles }: { isAssignment: boolean; before: readonly string[]; after: readonly string[] },
): Pick<LogEvent, 'description' | 'details'> {
  const { summary } = isAssignment ? assignUserRoles : removeUserRoles;
  return { description: summary, details: { ...details, changes: { roles } } };
}

function listMemberships({ userId, roleIds }: RolesOfUser): Membership[] {
  return roleIds.map((roleId) => ({ userId, roleId }));
}

function idsOf(roles: readonly StoredRole[] = []): string[] {
  return roles.map(({ id }) => id);
}

function namesOf(roles: readonly StoredRole[] = []): string[] {
  return roles.map(({ name }) => name);
}
