import { type Kysely, sql } from 'kysely';

/** Whom a job acts on, settled before it begins, and what came of each: the action may change what a search finds. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE job_users (
      job_id text COLLATE "C" NOT NULL REFERENCES jobs ON DELETE CASCADE,
      number bigint NOT NULL,
      user_id text COLLATE "C" NOT NULL,
      fate text CHECK (fate IN ('changed', 'unchanged', 'failed')),
      PRIMARY KEY (job_id, number),
      UNIQUE (job_id, user_id)
    )`.execute(database);
}
