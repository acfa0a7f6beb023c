import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { AdministratorRole } from './roles.ts';

export interface StoredAdministrator {
  readonly userId: string;
  readonly role: AdministratorRole;
  readonly createdAt: Date;
  readonly name: string | null;
  readonly email: string | null;
}

export async function countAdministrators(database: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM administrators`.execute(
    database,
  );
  return rows[0]?.count ?? 0;
}

export async function insertAdministrator(
  transaction: Database,
  userId: string,
  role: AdministratorRole,
): Promise<void> {
  await sql`INSERT INTO administrators (user_id, role) VALUES (${userId}, ${role})
    ON CONFLICT (user_id) DO UPDATE SET role = excluded.role`.execute(transaction);
}

const selectAdministrators = (condition: RawBuilder<unknown>) => sql<StoredAdministrator>`
  SELECT administrators.user_id AS "userId", role, administrators.created_at AS "createdAt", users.name, users.email
  FROM administrators JOIN users ON users.user_id = administrators.user_id
  WHERE ${condition} ORDER BY administrators.created_at, administrators.user_id`;

export async function listStoredAdministrators(database: Database): Promise<StoredAdministrator[]> {
  return (await selectAdministrators(sql`true`).execute(database)).rows;
}

export async function findAdministrator(
  database: Database,
  userId: string,
): Promise<StoredAdministrator | undefined> {
  const { rows } = await selectAdministrators(sql`administrators.user_id = ${userId}`).execute(database);
  return rows[0];
}

export async function findAdministratorRole(
  database: Database,
  userId: string,
): Promise<AdministratorRole | undefined> {
  const { rows } = await sql<{ role: AdministratorRole }>`
    SELECT role FROM administrators WHERE user_id = ${userId}`.execute(database);
  return rows[0]?.role;
}

/** The roles of those of these users who have one. */
export async function listRoles(
  database: Database,
  userIds: readonly string[],
): Promise<{ readonly userId: string; readonly role: AdministratorRole }[]> {
  if (userIds.length === 0) return [];
  const { rows } = await sql<{ userId: string; role: AdministratorRole }>`
    SELECT user_id AS "userId", role FROM administrators WHERE user_id = ANY(${[...userIds]}::text[])`.execute(
    database,
  );
  return rows;
}

/** Administrators who sign in by a connection; the primary identity is the one that they go with. */
export async function listAdministratorsOfConnection(
  database: Database,
  connectionId: string,
): Promise<{ readonly userId: string; readonly isPrimary: boolean }[]> {
  const { rows } = await sql<{ userId: string; isPrimary: boolean }>`
    SELECT administrators.user_id AS "userId", bool_or(identities.position = 0) AS "isPrimary"
    FROM administrators JOIN identities ON identities.user_id = administrators.user_id
    WHERE identities.connection_id = ${connectionId} GROUP BY administrators.user_id`.execute(database);
  return rows;
}

/** Owners who are not blocked, by their user. */
export async function listOwners(database: Database): Promise<StoredAdministrator[]> {
  return (await selectAdministrators(sql`role = 'owner' AND users.blocked IS NOT TRUE`).execute(database))
    .rows;
}

/** Holds the rows of all owners until the transaction ends. */
export async function lockOwners(transaction: Database): Promise<void> {
  await sql`SELECT 1 FROM administrators WHERE role = 'owner' ORDER BY user_id FOR UPDATE`.execute(
    transaction,
  );
}

/** Holds a user, so that they neither go nor get another role meanwhile. @returns whether there is one */
export async function lockUserOfRole(transaction: Database, userId: string): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM users WHERE user_id = ${userId} FOR UPDATE`.execute(transaction);
  return rows.length > 0;
}

/** @returns whether the user was one */
export async function deleteStoredAdministrator(transaction: Database, userId: string): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`DELETE FROM administrators WHERE user_id = ${userId}`.execute(
    transaction,
  );
  return numAffectedRows > 0n;
}

/** What somebody may do now: nothing is returned for a user who is gone or blocked. */
export async function findStanding(
  database: Database,
  userId: string,
): Promise<{ readonly role: AdministratorRole | null } | undefined> {
  const { rows } = await sql<{ role: AdministratorRole | null }>`
    SELECT administrators.role FROM users LEFT JOIN administrators ON administrators.user_id = users.user_id
    WHERE users.user_id = ${userId} AND users.blocked IS NOT TRUE`.execute(database);
  return rows[0];
}
