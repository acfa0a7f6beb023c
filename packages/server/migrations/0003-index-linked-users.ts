import { type Kysely, sql } from 'kysely';

/** The few users with linked identities: who is of a connection is its primary users and some of these. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX user_search_linked ON user_search (id) WHERE identities_count > 1`.execute(database);
}
