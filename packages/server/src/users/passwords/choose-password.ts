import type { Connection } from '../../connections/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { UserDependencies } from '../dependencies.ts';
import { UserNotFoundError } from '../errors.ts';
import { lockUser } from '../locks-store.ts';
import type { Identity, User } from '../user.ts';
import { withVerifiedEmail } from '../verify-email.ts';
import { updateUserRow } from '../writes-store.ts';
import { checkPassword } from './check-password.ts';
import { currentAlgorithm, hashPassword } from './hash.ts';
import { type CredentialKey, setPasswordHash } from './store.ts';

/**
 * Holds a password that a user chose against their connection's policy and hashes it. Outside any transaction.
 * @returns what `setChosenPassword` stores
 * @throws PasswordRefusedError
 */
export async function prepareChosenPassword(
  { database, config }: Pick<UserDependencies, 'database' | 'config'>,
  user: User,
  identity: Identity,
  connection: Connection,
  password: string,
): Promise<string> {
  const policy = connection.options.passwordPolicy;
  await checkPassword(database, password, policy, user, keyOf(user.userId, identity));
  return hashPassword(password, config.passwordHashCost);
}

/**
 * Gives an identity the password that its user chose, in the caller's transaction: the old one goes into the history,
 * `last_password_reset` is now, sessions and tokens end. An administrator's block stays.
 * @param marksEmailVerified for whoever came by a link that was sent to the identity's address
 * @throws UserNotFoundError
 */
export async function setChosenPassword(
  transaction: Database,
  { listeners }: Pick<UserDependencies, 'listeners'>,
  chosen: {
    readonly userId: string;
    readonly identity: Identity;
    readonly connection: Connection;
    readonly hash: string;
    readonly marksEmailVerified: boolean;
  },
): Promise<User> {
  const { userId, identity, connection, hash } = chosen;
  const stored = await lockUser(transaction, userId);
  if (!stored) throw new UserNotFoundError();
  const keep = Math.max(0, connection.options.passwordPolicy.historySize - 1);
  await setPasswordHash(transaction, keyOf(userId, identity), { hash, algorithm: currentAlgorithm }, keep);
  const verified = chosen.marksEmailVerified
    ? await withVerifiedEmail(transaction, stored, identity)
    : stored;
  const changed: User = { ...verified, lastPasswordReset: new Date() };
  const user = { ...changed, ...(await updateUserRow(transaction, changed)) };
  for (const listener of listeners) {
    await listener.accessEnded?.(transaction, { userId, endsTokens: true });
    await listener.passwordChanged?.(transaction, { user });
  }
  return user;
}

function keyOf(userId: string, { connectionId, userId: providerUserId }: Identity): CredentialKey {
  return { userId, connectionId, providerUserId };
}
