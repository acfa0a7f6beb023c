import { type Kysely, sql } from 'kysely';

/**
 * The search index: one narrow row per user with what is sorted by and an inverted list of hashed terms, and one row
 * per metadata value for ranges, wildcards and sorting (docs/decisions/0004).
 *
 * Both are derived from `users` and `identities` and written in their transactions; `npm run muster -- reindex`
 * makes them anew.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database); // fixed text, no input
}

/** What an infix search of the root attributes looks at; the server repeats this expression word for word. */
const profileText = ['email', 'name', 'given_name', 'family_name', 'nickname', 'username', 'phone_number']
  .map((column) => `coalesce(${column}, '')`)
  .join(` || E'\\n' || `);

/* The length of the pending lists is the writing connection's setting: short for single writes, because searches read
   them entry by entry, long for bulk writes, which are merged into the index several times faster that way. */
const ginSettings = 'WITH (fastupdate = on)';

const optionalSortColumns = [
  'email',
  'given_name',
  'family_name',
  'nickname',
  'username',
  'phone_number',
  'last_ip',
  'last_login',
  'logins_count',
];

const statements = [
  'CREATE EXTENSION IF NOT EXISTS pg_trgm',

  /* Text is lower-cased where the language ignores case. `terms` stays in the row: walks along a sort index
     check it row by row. */
  `CREATE TABLE user_search (
    id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT user_search_pkey PRIMARY KEY,
    logins_count integer,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL,
    last_login timestamptz(3),
    identities_count smallint NOT NULL,
    user_id text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
    email text COLLATE "C",
    name text COLLATE "C",
    given_name text COLLATE "C",
    family_name text COLLATE "C",
    nickname text COLLATE "C",
    username text COLLATE "C",
    phone_number text COLLATE "C",
    last_ip text COLLATE "C",
    connection text COLLATE "C",
    terms bigint[] NOT NULL,
    CONSTRAINT user_search_user_id_key UNIQUE (user_id) INCLUDE (id)
  )`,
  'ALTER TABLE user_search ALTER terms SET STORAGE EXTERNAL, ALTER terms SET STATISTICS 300',
  `CREATE INDEX user_search_created_at ON user_search (created_at, id)`,
  `CREATE INDEX user_search_updated_at ON user_search (updated_at, id)`,
  `CREATE INDEX user_search_name ON user_search (name, id)`,
  `CREATE INDEX user_search_connection ON user_search (connection, id)`,
  ...optionalSortColumns.map(
    (column) =>
      `CREATE INDEX user_search_${column} ON user_search (${column}, id) WHERE ${column} IS NOT NULL`,
  ),
  `CREATE INDEX user_search_terms ON user_search USING gin (terms) ${ginSettings}`,
  `CREATE INDEX user_search_profile_text ON user_search USING gin ((${profileText}) gin_trgm_ops) ${ginSettings}`,

  /* `key`: five characters for the path, one for the type (2: text), then the value so that text order is its order. */
  `CREATE TABLE user_search_values (
    id integer NOT NULL,
    key text COLLATE "C" NOT NULL
  )`,
  'ALTER TABLE user_search_values ALTER key SET STATISTICS 1000',
  `CREATE INDEX user_search_values_key ON user_search_values (key, id)`,
  `CREATE INDEX user_search_values_id ON user_search_values (id)`,
  `CREATE INDEX user_search_values_text ON user_search_values USING gin (substr(key, 7) gin_trgm_ops) ${ginSettings}
    WHERE substr(key, 6, 1) = '2'`,

  /* A foreign key would be checked for every value written; this acts on the rare deletion only. */
  `CREATE FUNCTION delete_user_search_values() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM user_search_values WHERE id = OLD.id;
      RETURN NULL;
    END
  $$`,
  `CREATE TRIGGER delete_values AFTER DELETE ON user_search FOR EACH ROW EXECUTE FUNCTION delete_user_search_values()`,

  /* `version`: the form of the entries, 0 while there are users without one. */
  `CREATE TABLE user_search_state (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    version integer NOT NULL,
    rebuilding_version integer,
    rebuilt_up_to text COLLATE "C",
    rebuilt_count bigint NOT NULL DEFAULT 0,
    started_at timestamptz(3)
  )`,
  `INSERT INTO user_search_state (version) SELECT CASE WHEN EXISTS (SELECT 1 FROM users) THEN 0 ELSE 1 END`,
];
