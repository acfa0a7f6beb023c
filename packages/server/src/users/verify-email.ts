import type { Database } from '../platform/database/database.ts';
import { UserNotFoundError } from './errors.ts';
import { lockUser } from './locks-store.ts';
import type { Identity, User } from './user.ts';
import { updateIdentityProfile, updateUserRow } from './writes-store.ts';

/**
 * Marks the address of one of a user's identities as verified, in the caller's transaction. That the person has it is
 * for the caller to know.
 * @throws UserNotFoundError
 */
export async function markEmailVerified(
  transaction: Database,
  userId: string,
  identity: Identity,
): Promise<User> {
  const stored = await lockUser(transaction, userId);
  if (!stored) throw new UserNotFoundError();
  const changed = await withVerifiedEmail(transaction, stored, identity);
  return { ...changed, ...(await updateUserRow(transaction, changed)) };
}

/** Writes the identity's profile; the user's own row is the caller's to write. */
export async function withVerifiedEmail(
  transaction: Database,
  user: User,
  identity: Identity,
): Promise<User> {
  const isSame = ({ connectionId, userId }: Identity) =>
    connectionId === identity.connectionId && userId === identity.userId;
  const identities = user.identities.map((other) =>
    isSame(other) ? { ...other, profile: { ...other.profile, email_verified: true } } : other,
  );
  const changed = identities.find(isSame);
  if (changed) await updateIdentityProfile(transaction, user.userId, changed, changed.profile);
  const isPrimary = changed !== undefined && changed === identities[0];
  return { ...user, identities, ...(isPrimary ? { emailVerified: true } : {}) };
}
