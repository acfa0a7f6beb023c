import type { Connection } from '../../connections/index.ts';
import { type CredentialsAhead, findDatabaseUser } from '../find-database-user.ts';
import type { Identity, User } from '../user.ts';
import { type PasswordDependencies, verifyOwnPassword } from './authenticate.ts';

export type CredentialVerdict =
  | { readonly ok: true; readonly user: User; readonly identity: Identity }
  | { readonly ok: false; readonly reason: 'unknown_user' }
  | { readonly ok: false; readonly reason: 'wrong_password'; readonly user: User };

/**
 * Finds who signs in at a database connection and holds the password against theirs.
 * @param identifier an e-mail address, username or phone number, as the connection allows
 * @param ahead what the connection was asked already
 */
export async function verifyCredentials(
  dependencies: PasswordDependencies,
  connection: Connection,
  identifier: string,
  password: string,
  ahead?: CredentialsAhead,
): Promise<CredentialVerdict> {
  const found = await findDatabaseUser(dependencies.database, connection, identifier, ahead);
  const key = found && {
    userId: found.user.userId,
    connectionId: found.identity.connectionId,
    providerUserId: found.identity.userId,
  };
  // Asked also for nobody: it takes the same time.
  const isRight = await verifyOwnPassword(dependencies, key, found?.passwordHash, password);
  if (!found) return { ok: false, reason: 'unknown_user' };
  const { user, identity } = found;
  return isRight ? { ok: true, user, identity } : { ok: false, reason: 'wrong_password', user };
}
