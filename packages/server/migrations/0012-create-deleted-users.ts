import { type Kysely, sql } from 'kysely';

/**
 * Users that were deleted and can still be brought back, each with its rows as they were: nothing of them is left in the
 * tables that lists, searches and sign-ins read.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE deleted_users (
    user_id text COLLATE "C" CONSTRAINT deleted_users_pkey PRIMARY KEY,
    email text,
    username text,
    phone_number text,
    name text,
    connection_id text COLLATE "C" NOT NULL CONSTRAINT deleted_users_connection_id_fkey REFERENCES connections ON DELETE CASCADE,
    connection text NOT NULL,
    deleted_by text NOT NULL,
    deleted_at timestamptz(3) NOT NULL DEFAULT now(),
    rows jsonb NOT NULL
  )`.execute(database);
  await sql`CREATE INDEX deleted_users_deleted_at ON deleted_users (deleted_at, user_id)`.execute(database);
  await sql`CREATE INDEX deleted_users_connection_id ON deleted_users (connection_id)`.execute(database);
}
