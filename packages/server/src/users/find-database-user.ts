import type { Connection, IdentifierKind } from '../connections/index.ts';
import type { Database } from '../platform/database/database.ts';
import { type Credentials, findCredentials, type Identifier } from './credentials-store.ts';
import type { Identity, User } from './user.ts';

/** Somebody whom a database connection knows, and what proves them. */
export interface DatabaseUser {
  readonly user: User;
  readonly identity: Identity;
  /** Absent for who has no password there. */
  readonly passwordHash: string | undefined;
}

/** What a connection was asked already, together with something else. */
export interface CredentialsAhead {
  readonly credentials: Credentials | undefined;
}

/**
 * Who a database connection knows by what a person types: an e-mail address, username or phone number,
 * as the connection lets people sign in. Where one text is two people's, the connection's order of precedence decides.
 * @param typed case and spaces around it do not count
 * @param ahead what is known of the first of `listIdentifiers`
 */
export async function findDatabaseUser(
  database: Database,
  connection: Connection,
  typed: string,
  ahead?: CredentialsAhead,
): Promise<DatabaseUser | undefined> {
  for (const [index, identifier] of listIdentifiers(connection, typed).entries()) {
    const found =
      index === 0 && ahead ? ahead.credentials : await findCredentials(database, connection.id, identifier);
    const identity = found?.user.identities.find(
      ({ connectionId, userId }) => connectionId === connection.id && userId === found.providerUserId,
    );
    if (found && identity) return { user: found.user, identity, passwordHash: found.passwordHash };
  }
  return undefined;
}

/** What the text may be, in the order of precedence; never more than forms allow, so mostly one. */
export function listIdentifiers(connection: Connection, identifier: string): Identifier[] {
  const text = identifier.trim();
  if (text === '' || text.includes('\0') || text.length > 320) return [];
  const folded = text.toLowerCase();
  const read = (kind: IdentifierKind): Identifier[] => {
    switch (kind) {
      case 'email':
        return folded.includes('@') ? [{ email: folded }] : [];
      case 'username':
        return [{ username: folded }];
      case 'phone_number':
        return /^\+\d{1,15}$/.test(text) ? [{ phoneNumber: text }] : [];
    }
  };
  return connection.options.identifiers.forSignIn.flatMap(read);
}
