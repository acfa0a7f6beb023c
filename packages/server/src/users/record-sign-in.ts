import type { LogEvent } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import { lockUser } from './locks-store.ts';
import { updateSignInColumns, updateSignInColumnsIfUnchanged } from './sign-in-store.ts';
import type { User } from './user.ts';
import { updateIdentityProfile, updateUserRow } from './writes-store.ts';

/**
 * Counts a sign-in in the caller's transaction: `last_login`, `last_ip`, `logins_count` and the search index. Sign-ins of
 * one user queue on its row, so that each is counted.
 * @param ip the address that the person signed in from
 * @param refresh puts what the connection said this time into the user; absent: it said nothing
 * @returns the user as it is now; undefined when it was deleted meanwhile
 */
export async function recordSignIn(
  transaction: Database,
  userId: string,
  ip: string,
  refresh?: (user: User) => User,
): Promise<User | undefined> {
  const stored = await lockUser(transaction, userId);
  if (!stored) return undefined;
  const refreshed = refresh ? await keepProfile(transaction, stored, refresh(stored)) : stored;
  const user = countSignIn(refreshed, ip);
  return { ...user, ...(await updateSignInColumns(transaction, user)) };
}

/**
 * The same with its event, in one statement that commits by itself, for a user who is still as they were read: the common
 * case, at a third of the cost.
 * @param describe the event of the sign-in, given the user as it will be
 * @returns undefined when the user changed, signed in or was deleted since they were read: nothing is written, and
 *   `recordSignIn` is for them
 */
export async function recordSignInIfUnchanged(
  database: Database,
  known: User,
  ip: string,
  describe: (user: User) => LogEvent,
): Promise<User | undefined> {
  const user = countSignIn(known, ip);
  const written = await updateSignInColumnsIfUnchanged(database, user, describe(user));
  return written && { ...user, ...written };
}

function countSignIn(user: User, ip: string): User {
  return { ...user, lastLogin: new Date(), lastIp: ip, loginsCount: (user.loginsCount ?? 0) + 1 };
}

async function keepProfile(transaction: Database, stored: User, user: User): Promise<User> {
  for (const [index, identity] of user.identities.entries())
    if (identity !== stored.identities[index])
      await updateIdentityProfile(transaction, user.userId, identity, identity.profile);
  return { ...user, ...(await updateUserRow(transaction, user)) };
}
