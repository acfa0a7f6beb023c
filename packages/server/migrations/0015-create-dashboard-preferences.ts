import { type Kysely, sql } from 'kysely';

/** What people chose for themselves in the dashboard; a value that was never chosen is NULL. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE dashboard_preferences (
    user_id text COLLATE "C" CONSTRAINT dashboard_preferences_pkey PRIMARY KEY
      CONSTRAINT dashboard_preferences_user_id_fkey REFERENCES users ON DELETE CASCADE,
    user_columns jsonb,
    user_searches jsonb,
    updated_at timestamptz(3) NOT NULL DEFAULT now()
  )`.execute(database);
}
