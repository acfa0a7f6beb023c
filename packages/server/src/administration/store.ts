import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';

export type AdministratorRole = 'owner' | 'administrator' | 'support' | 'auditor';

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
  await sql`INSERT INTO administrators (user_id, role) VALUES (${userId}, ${role})`.execute(transaction);
}

export async function findAdministratorRole(
  database: Database,
  userId: string,
): Promise<AdministratorRole | undefined> {
  const { rows } = await sql<{ role: AdministratorRole }>`
    SELECT role FROM administrators WHERE user_id = ${userId}`.execute(database);
  return rows[0]?.role;
}
