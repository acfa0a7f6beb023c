import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { createStatement, type Parameter } from '../platform/database/statement.ts';
import { identitiesOfUser, toUser, type UserRow } from './rows-store.ts';
import type { User } from './user.ts';

/** What a database or passwordless connection knows somebody by. */
export type Identifier =
  | { readonly email: string }
  | { readonly username: string }
  | { readonly phoneNumber: string };

/** What a database connection knows of somebody who signs in there. */
export interface Credentials {
  readonly user: User;
  /** Id of their identity in the connection. */
  readonly providerUserId: string;
  /** Absent for who has no password there. */
  readonly passwordHash: string | undefined;
}

/** What `composeCredentials` selects; without such a user, in an outer join, all of it is null. */
export type CredentialsRow = UserRow & { readonly known_id: string; readonly password_hash: string | null };

export type CredentialsParameter = 'connection_id' | 'identifier';

const identifierColumns = {
  email: sql`known.email_identifier`,
  username: sql`known.username_identifier`,
  phoneNumber: sql`known.phone_identifier`,
};

export type IdentifierName = keyof typeof identifierColumns;

/** A query for the user that a connection knows by an identifier of this kind, with the hash of their password there. */
export function composeCredentials(
  kind: IdentifierName,
  parameter: Parameter<CredentialsParameter>,
): RawBuilder<CredentialsRow> {
  return sql`
    SELECT users.*, ${identitiesOfUser} AS identities, known.provider_user_id AS known_id, credentials.hash AS password_hash
    FROM identities AS known
      JOIN users ON users.user_id = known.user_id
      LEFT JOIN credentials ON credentials.user_id = known.user_id AND credentials.connection_id = known.connection_id
        AND credentials.provider_user_id = known.provider_user_id
    WHERE known.connection_id = ${parameter('connection_id')} AND ${identifierColumns[kind]} = ${parameter('identifier')}`;
}

export function toCredentials(row: CredentialsRow): Credentials {
  return { user: toUser(row), providerUserId: row.known_id, passwordHash: row.password_hash ?? undefined };
}

/** Kind and text of an identifier. */
export function readIdentifier(identifier: Identifier): {
  readonly kind: IdentifierName;
  readonly text: string;
} {
  if ('email' in identifier) return { kind: 'email', text: identifier.email };
  if ('username' in identifier) return { kind: 'username', text: identifier.username };
  return { kind: 'phoneNumber', text: identifier.phoneNumber };
}

const selectCredentials = {
  email: createStatement<CredentialsParameter, CredentialsRow>((parameter) =>
    composeCredentials('email', parameter),
  ),
  username: createStatement<CredentialsParameter, CredentialsRow>((parameter) =>
    composeCredentials('username', parameter),
  ),
  phoneNumber: createStatement<CredentialsParameter, CredentialsRow>((parameter) =>
    composeCredentials('phoneNumber', parameter),
  ),
};

/** The user that the connection knows by this, with the hash of their password there. */
export async function findCredentials(
  database: Database,
  connectionId: string,
  identifier: Identifier,
): Promise<Credentials | undefined> {
  const { kind, text } = readIdentifier(identifier);
  const [row] = await selectCredentials[kind](database, { connection_id: connectionId, identifier: text });
  return row && toCredentials(row);
}
