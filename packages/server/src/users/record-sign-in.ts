import type { Database } from '../platform/database/database.ts';
import { lockUser, updateIdentityProfile, updateSignInColumns, updateUserRow } from './store.ts';
import type { User } from './user.ts';

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
  const user = {
    ...refreshed,
    lastLogin: new Date(),
    lastIp: ip,
    loginsCount: (stored.loginsCount ?? 0) + 1,
  };
  return { ...user, ...(await updateSignInColumns(transaction, user)) };
}

async function keepProfile(transaction: Database, stored: User, user: User): Promise<User> {
  for (const [index, identity] of user.identities.entries())
    if (identity !== stored.identities[index])
      await updateIdentityProfile(transaction, user.userId, identity, identity.profile);
  return { ...user, ...(await updateUserRow(transaction, user)) };
}
