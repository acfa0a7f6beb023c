import { type Kysely, sql } from 'kysely';

/** Pictures of users that were uploaded here. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE user_pictures (
    picture_id text COLLATE "C" PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
    media_type text NOT NULL,
    bytes bytea NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now()
  )`.execute(database);
  // Compressed already.
  await sql`ALTER TABLE user_pictures ALTER COLUMN bytes SET STORAGE EXTERNAL`.execute(database);
  await sql`CREATE INDEX user_pictures_user_id ON user_pictures (user_id)`.execute(database);
}
