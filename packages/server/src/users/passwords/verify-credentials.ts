import type { Connection } from '../../connections/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { findIdentityOwner, findUser } from '../store.ts';
import type { Identity, User } from '../user.ts';
import { authenticateWithPassword } from './authenticate.ts';
import type { CredentialKey } from './store.ts';

export type CredentialVerdict =
  | { readonly ok: true; readonly user: User; readonly identity: Identity }
  | { readonly ok: false; readonly reason: 'unknown_user' }
  | { readonly ok: false; readonly reason: 'wrong_password'; readonly user: User };

/**
 * Finds who signs in at a database connection and holds the password against theirs.
 * @param identifier an e-mail address, username or phone number, as the connection allows
 */
export async function verifyCredentials(
  database: Database,
  connection: Connection,
  identifier: string,
  password: string,
): Promise<CredentialVerdict> {
  const owner = await findIdentityOwner(database, connection.id, readIdentifier(connection, identifier));
  const user = owner && (await findUser(database, owner.userId));
  const identity = user?.identities.find(
    (candidate) => candidate.connectionId === connection.id && candidate.userId === owner?.providerUserId,
  );
  const key = user && identity ? keyOf(user, identity) : undefined;
  // Asked also for nobody: it takes the same time.
  const isRight = await authenticateWithPassword(database, key, password);
  if (!user || !identity) return { ok: false, reason: 'unknown_user' };
  return isRight ? { ok: true, user, identity } : { ok: false, reason: 'wrong_password', user };
}

function keyOf(user: User, identity: Identity): CredentialKey {
  return { userId: user.userId, connectionId: identity.connectionId, providerUserId: identity.userId };
}

/** Whether somebody at the connection goes by the identifier. Not for callers who would tell the person. */
export async function isKnownAt(
  database: Database,
  connection: Connection,
  identifier: string,
): Promise<boolean> {
  const owner = await findIdentityOwner(database, connection.id, readIdentifier(connection, identifier));
  return owner !== undefined;
}

function readIdentifier(
  connection: Connection,
  identifier: string,
): { email?: string; username?: string; phoneNumber?: string } {
  const text = identifier.trim();
  if (text.includes('\0')) return {};
  const folded = text.toLowerCase();
  return {
    email: folded,
    ...(connection.options.allowsUsername ? { username: folded } : {}),
    ...(/^\+\d{1,15}$/.test(text) ? { phoneNumber: text } : {}),
  };
}
