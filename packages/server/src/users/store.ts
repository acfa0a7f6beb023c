import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { createStatement } from '../platform/database/statement.ts';
import {
  makeUser,
  selectUser,
  selectUserForChange,
  toUser,
  toUserForChange,
  type UserColumns,
  type UserForChange,
  type UserRow,
} from './rows-store.ts';
import type { Identity, User } from './user.ts';

const selectUserById = createStatement<'user_id', UserRow>(
  (parameter) => sql`${selectUser} WHERE users.user_id = ${parameter('user_id')}`,
);

export async function findUser(database: Database, userId: string): Promise<User | undefined> {
  const [row] = await selectUserById(database, { user_id: userId });
  return row && toUser(row);
}

/** A user who is not held, for a change that is made if nobody else changes the user meanwhile. */
export async function findUserForChange(
  database: Database,
  userId: string,
): Promise<UserForChange | undefined> {
  const { rows } = await sql<UserRow & { changed_at: Date }>`
    ${selectUserForChange} WHERE users.user_id = ${userId}`.execute(database);
  return rows[0] && toUserForChange(rows[0]);
}

/** Users whose own address is exactly this; database connections, which store lower case, also match its lower case. */
export async function listUsersWithEmail(database: Database, email: string): Promise<User[]> {
  const { rows } = await sql<UserRow>`
    ${selectUser} JOIN identities AS primary_identity ON primary_identity.user_id = users.user_id AND primary_identity.position = 0
    WHERE users.email IN (${email}, ${email.toLowerCase()})
      AND (users.email = ${email} OR primary_identity.provider IN ('auth0', 'email'))
    ORDER BY users.created_at, users.user_id LIMIT 1000`.execute(database);
  return rows.map(toUser);
}

/** The id of the user whose primary identity in this connection has the address. */
export async function findUserIdByIdentifier(
  database: Database,
  connectionId: string,
  email: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ user_id: string }>`
    SELECT user_id FROM identities WHERE connection_id = ${connectionId} AND email_identifier = ${email} AND position = 0`.execute(
    database,
  );
  return rows[0]?.user_id;
}

interface IdentityColumns {
  position: number | null;
  connection_id: string | null;
  connection: string;
  provider: string;
  provider_user_id: string;
  is_social: boolean;
  profile: Identity['profile'];
}

const selectUsersByIds = createStatement<'user_ids', UserColumns & IdentityColumns>(
  (parameter) => sql`
    SELECT users.*, identities.position, identities.connection_id, identities.connection, identities.provider, identities.provider_user_id,
      identities.is_social, identities.profile
    FROM users LEFT JOIN identities ON identities.user_id = users.user_id
    WHERE users.user_id = ANY(${parameter('user_ids')}::text[])`,
);

/**
 * Users by id, in the order of the ids; those that are gone are left out. A row is an identity with its user: for a page of
 * users, who mostly have one, PostgreSQL takes two thirds of the time that it takes to make JSON of identities. They are
 * sorted here: to sort them there holds the first row back until the last is found.
 */
export async function findUsers(database: Database, userIds: readonly string[]): Promise<User[]> {
  if (userIds.length === 0) return [];
  const rows = await selectUsersByIds(database, { user_ids: userIds });
  rows.sort((left, right) => (left.position ?? 0) - (right.position ?? 0));
  const identities = new Map<string, Identity[]>();
  const users = new Map<string, User>();
  for (const row of rows) {
    const known = identities.get(row.user_id) ?? [];
    if (known.length === 0) {
      identities.set(row.user_id, known);
      users.set(row.user_id, makeUser(row, known));
    }
    if (row.connection_id !== null) known.push(toIdentity(row, row.connection_id));
  }
  return userIds.flatMap((userId) => users.get(userId) ?? []);
}

function toIdentity(row: IdentityColumns, connectionId: string): Identity {
  return {
    connectionId,
    connection: row.connection,
    provider: row.provider,
    userId: row.provider_user_id,
    isSocial: row.is_social,
    profile: row.profile,
  };
}
