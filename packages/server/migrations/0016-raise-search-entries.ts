import { type Kysely, sql } from 'kysely';

/** An empty directory has no entries of the earlier form; one with users is indexed anew at the next start. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    UPDATE user_search_state SET version = 2
    WHERE version = 1 AND NOT EXISTS (SELECT FROM users)`.execute(database);
}
