import { type Kysely, sql } from 'kysely';

/** Without a cascade, a role that a million have goes at once: their rows are purged after it, those of the roles in `deleted_roles`. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE user_roles DROP CONSTRAINT user_roles_role_id_fkey`.execute(database);
}
