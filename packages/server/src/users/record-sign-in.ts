import type { Database } from '../platform/database/database.ts';
import { lockUser, updateSignInColumns } from './store.ts';
import type { User } from './user.ts';

/**
 * Counts a sign-in in the caller's transaction: `last_login`, `last_ip`, `logins_count` and the search index. Sign-ins of
 * one user queue on its row, so that each is counted.
 * @param ip the address that the person signed in from
 * @returns the user as it is now; undefined when it was deleted meanwhile
 */
export async function recordSignIn(
  transaction: Database,
  userId: string,
  ip: string,
): Promise<User | undefined> {
  const stored = await lockUser(transaction, userId);
  if (!stored) return undefined;
  const user = {
    ...stored,
    lastLogin: new Date(),
    lastIp: ip,
    loginsCount: (stored.loginsCount ?? 0) + 1,
  };
  return { ...user, ...(await updateSignInColumns(transaction, user)) };
}
