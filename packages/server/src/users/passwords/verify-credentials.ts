import type { Connection } from '../../connections/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { findIdentityOwner, findUser } from '../store.ts';
import type { Identity, User } from '../user.ts';
import { hashPassword, verifyPassword } from './hash.ts';
import { listPasswordHashes } from './store.ts';

export type CredentialVerdict =
  | { readonly ok: true; readonly user: User; readonly identity: Identity }
  | { readonly ok: false; readonly reason: 'unknown_user' }
  | { readonly ok: false; readonly reason: 'wrong_password'; readonly user: User };

/** What unknown users' passwords are held against, so that they take as long as known ones'. */
let nobodysHash: Promise<string> | undefined;

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
  const [hash] =
    user && identity
      ? await listPasswordHashes(
          database,
          { userId: user.userId, connectionId: connection.id, providerUserId: identity.userId },
          0,
        )
      : [];
  nobodysHash ??= hashPassword('the password of nobody');
  const isRight = await verifyPassword(password, hash ?? (await nobodysHash));
  if (!user || !identity) return { ok: false, reason: 'unknown_user' };
  return isRight && hash !== undefined
    ? { ok: true, user, identity }
    : { ok: false, reason: 'wrong_password', user };
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
