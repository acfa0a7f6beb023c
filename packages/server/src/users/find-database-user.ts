import type { Connection, IdentifierKind } from '../connections/index.ts';
import type { Database } from '../platform/database/database.ts';
import { findIdentityOwner, findUser } from './store.ts';
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
    const owner = await findIdentityOwner(database, connection.id, candidate);
    const user = owner && (await findUser(database, owner.userId));
    const identity = user?.identities.find(
      ({ connectionId, userId }) => connectionId === connection.id && userId === owner?.providerUserId,
    );
    if (user && identity) return { user, identity };
  }
  return undefined;
}

type Candidate = { readonly email?: string; readonly username?: string; readonly phoneNumber?: string };

/** What the text may be, in the order of precedence; never more than forms allow, so mostly one. */
function readIdentifier(connection: Connection, identifier: string): Candidate[] {
  const text = identifier.trim();
  if (text === '' || text.includes('\0') || text.length > 320) return [];
  const folded = text.toLowerCase();
  const read = (kind: IdentifierKind): Candidate[] => {
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
