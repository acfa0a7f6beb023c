import type { Connection, IdentifierKind } from '../connections/index.ts';
import type { Database } from '../platform/database/database.ts';
import { findUserByIdentifier, type Identifier } from './store.ts';
import type { Identity, User } from './user.ts';

/**
 * Who a database connection knows by what a person types: an e-mail address, username or phone number,
 * as the connection lets people sign in. Where one text is two people's, the connection's order of precedence decides.
 * @param identifier as typed; case and spaces around it do not count
 */
export async function findDatabaseUser(
  database: Database,
  connection: Connection,
  identifier: string,
): Promise<{ readonly user: User; readonly identity: Identity } | undefined> {
  for (const candidate of readIdentifier(connection, identifier)) {
    const found = await findUserByIdentifier(database, connection.id, candidate);
    const identity = found?.user.identities.find(
      ({ connectionId, userId }) => connectionId === connection.id && userId === found.providerUserId,
    );
    if (found && identity) return { user: found.user, identity };
  }
  return undefined;
}

/** What the text may be, in the order of precedence; never more than forms allow, so mostly one. */
function readIdentifier(connection: Connection, identifier: string): Identifier[] {
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
