import type { Database } from '../platform/database/database.ts';
import type { Caller } from '../platform/http/caller.ts';
import type { AccountGuard } from '../users/index.ts';
import { LastOwnerError, ProtectedAccountError } from './errors.ts';
import { type AdministratorRole, scopesOfRole } from './roles.ts';
import { listAdministratorsOfConnection, listOwners, listRoles, lockOwners } from './store.ts';

/** Whose account may be changed by whom, and that an owner stays. */
export const accountGuard: AccountGuard = {
  mayChange: async (database, caller, userIds) =>
    (await findBeyondReach(database, caller, userIds)) === undefined,

  assertMayChange: async (database, caller, userIds) => {
    const role = await findBeyondReach(database, caller, userIds);
    if (role) throw new ProtectedAccountError(role);
  },

  listAdministrators: async (database, userIds) =>
    new Set((await listRoles(database, userIds)).map(({ userId }) => userId)),

  assertMayGo: async (transaction, userIds) => {
    const roles = await listRoles(transaction, userIds);
    if (roles.some(({ role }) => role === 'owner')) await assertOwnerRemains(transaction, userIds);
  },
};

/** Before a connection's users go. @throws ProtectedAccountError, LastOwnerError */
export async function assertMayRemoveConnection(
  transaction: Database,
  caller: Caller,
  connectionId: string,
): Promise<void> {
  const administrators = await listAdministratorsOfConnection(transaction, connectionId);
  await accountGuard.assertMayChange(
    transaction,
    caller,
    administrators.map(({ userId }) => userId),
  );
  const going = administrators.filter(({ isPrimary }) => isPrimary).map(({ userId }) => userId);
  await accountGuard.assertMayGo(transaction, going);
}

/**
 * Holds the owners until the transaction ends, so that two of them cannot remove each other at once. Whoever also holds users
 * holds them first.
 * @throws LastOwnerError when nobody but these could come in as an owner
 */
export async function assertOwnerRemains(transaction: Database, without: readonly string[]): Promise<void> {
  await lockOwners(transaction);
  const owners = await listOwners(transaction);
  if (owners.every(({ userId }) => without.includes(userId))) throw new LastOwnerError();
}

/** The role of one of these users that may do more than the caller. Everybody may change themselves. */
async function findBeyondReach(
  database: Database,
  { subject, reach }: Caller,
  userIds: readonly string[],
): Promise<AdministratorRole | undefined> {
  if (reach.isSupersetOf(scopesOfRole.owner)) return undefined;
  const others = userIds.filter((userId) => userId !== subject);
  const roles = await listRoles(database, others);
  return roles.find(({ role }) => !reach.isSupersetOf(scopesOfRole[role]))?.role;
}
