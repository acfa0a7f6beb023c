import { type Kysely, sql } from 'kysely';

/** Failed logins are counted by day beside the good ones, from an index alone. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX logs_failed_logins ON logs (log_id) WHERE type IN ('f', 'fp', 'fu')`.execute(
    database,
  );
}
