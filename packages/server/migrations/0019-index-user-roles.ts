import { type Kysely, sql } from 'kysely';

/** The roles of each user in the search index; NULL for nobody's, so that a directory without roles has nothing to write. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE user_search ADD COLUMN role_ids text[] COLLATE "C"`.execute(database);
  await sql`
    UPDATE user_search SET role_ids = given.ids
    FROM (SELECT user_id, array_agg(role_id ORDER BY role_id) AS ids FROM user_roles GROUP BY user_id) AS given
    WHERE user_search.user_id = given.user_id`.execute(database);
  await sql`
    CREATE INDEX user_search_role_ids ON user_search USING gin (role_ids) WITH (fastupdate = on)
    WHERE role_ids IS NOT NULL`.execute(database);
  // Entries keep the id of a role that was deleted until they are next written: who has no other has none.
  await sql`
    CREATE TABLE deleted_roles (
      id text COLLATE "C" CONSTRAINT deleted_roles_pkey PRIMARY KEY,
      deleted_at timestamptz(3) NOT NULL DEFAULT now()
    )`.execute(database);
  await sql`CREATE INDEX roles_folded_name ON roles (folded_name, id)`.execute(database);
}
