import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';

export type AdministratorRole = 'owner' | 'administrator' | 'support' | 'auditor';

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

/** Owners who may come in, by their user. */
export async function listOwners(database: Database): Promise<StoredAdministrator[]> {
  return (await selectAdministrators(sql`role = 'owner' AND users.blocked IS NOT TRUE`).execute(database))
    .rows;
}

/** Owners, locked until the transaction ends, so that two of them cannot remove each other at once. */
export async function lockOwners(transaction: Database): Promise<string[]> {
  const { rows } = await sql<{ userId: string }>`
    SELECT user_id AS "userId" FROM administrators WHERE role = 'owner' ORDER BY user_id FOR UPDATE`.execute(
    transaction,
  );
  return rows.map(({ userId }) => userId);
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
