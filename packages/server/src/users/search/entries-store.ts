import { type RawBuilder, sql } from 'kysely';
import { toCopyLine, toCopyText } from '../../platform/database/bulk-connection.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Parameter } from '../../platform/database/statement.ts';
import type { SearchColumns, SearchEntry } from './entry.ts';
import { selectRoleIds } from './roles-store.ts';

/** Hashes as PostgreSQL reads an array of bigint. */
export function toBigintArray(terms: readonly string[]): string {
  return `{${terms.join(',')}}`;
}

const columnNames = sql.raw(
  `user_id, email, name, given_name, family_name, nickname, username, phone_number, last_ip, connection,
   logins_count, last_login, identities_count, terms, created_at, updated_at`,
);

/**
 * Common table expressions that write the entry of a user made in the same statement, whose `created_at` and
 * `updated_at` the expression `source` returns.
 */
export function insertEntry(
  userId: string,
  { columns, terms, keys }: SearchEntry,
  source: string,
): RawBuilder<unknown> {
  return sql`new_entry AS (
      INSERT INTO user_search (${columnNames})
      SELECT ${userId}, ${listValues(columns)}, ${toBigintArray(terms)}::bigint[], created_at, updated_at
      FROM ${sql.ref(source)} RETURNING id
    ), new_values AS (
      INSERT INTO user_search_values (id, key) SELECT new_entry.id, key FROM new_entry, unnest(${[...keys]}::text[]) AS key
    )`;
}

/** The same for a user that changed; values that stay are not touched, nor are roles. */
export function updateEntry(
  userId: string,
  { columns, terms, keys }: SearchEntry,
  source: string,
): RawBuilder<unknown> {
  return sql`changed_entry AS (
      UPDATE user_search SET (email, name, given_name, family_name, nickname, username, phone_number, last_ip, connection,
        logins_count, last_login, identities_count) = ROW(${listValues(columns)}),
        terms = ${toBigintArray(terms)}::bigint[], updated_at = changed.updated_at
      FROM (SELECT updated_at FROM ${sql.ref(source)}) AS changed
      WHERE user_search.user_id = ${userId} RETURNING id
    ), stored_values AS MATERIALIZED (
      SELECT key FROM user_search_values WHERE id = (SELECT id FROM changed_entry)
    ), gone_values AS (
      DELETE FROM user_search_values
      WHERE id = (SELECT id FROM changed_entry) AND NOT key = ANY(${[...keys]}::text[])
    ), new_values AS (
      INSERT INTO user_search_values (id, key)
      SELECT changed_entry.id, key FROM changed_entry, unnest(${[...keys]}::text[]) AS key
      WHERE key NOT IN (SELECT key FROM stored_values)
    )`;
}

/** The same for a user of whom nothing changed but when, from where and how often they signed in. */
export function composeSignInEntry(
  parameter: Parameter<'user_id' | 'last_ip_searched' | 'logins_count' | 'last_login'>,
  source: string,
): RawBuilder<unknown> {
  return sql`changed_entry AS (
      UPDATE user_search SET last_ip = ${parameter('last_ip_searched')}::text,
        logins_count = ${parameter('logins_count')}::integer, last_login = ${parameter('last_login')}::timestamptz,
        updated_at = changed.updated_at
      FROM (SELECT updated_at FROM ${sql.ref(source)}) AS changed
      WHERE user_search.user_id = ${parameter('user_id')}::text
    )`;
}

function listValues(columns: SearchColumns): RawBuilder<unknown> {
  return sql`${columns.email}::text, ${columns.name}::text, ${columns.given_name}::text, ${columns.family_name}::text,
    ${columns.nickname}::text, ${columns.username}::text, ${columns.phone_number}::text, ${columns.last_ip}::text,
    ${columns.connection}::text, ${columns.logins_count}::integer, ${columns.last_login}::timestamptz,
    ${columns.identities_count}::smallint`;
}

export interface UserEntry extends SearchEntry {
  readonly userId: string;
}

/** Writes the entries of many users, whose rows the transaction holds or has just made. */
export async function upsertEntries(transaction: Database, entries: readonly UserEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const input = JSON.stringify(
    entries.map(({ userId, columns, terms, keys }) => ({ user_id: userId, ...columns, terms, keys })),
  );
  await sql`
    WITH input AS MATERIALIZED (
      SELECT input.*, users.created_at, users.updated_at
      FROM jsonb_to_recordset(${input}::jsonb) AS input (
        user_id text, email text, name text, given_name text, family_name text, nickname text, username text,
        phone_number text, last_ip text, connection text, logins_count integer, last_login timestamptz,
        identities_count smallint, terms bigint[], keys text[]
      ) JOIN users ON users.user_id = input.user_id
    ), entry AS (
      INSERT INTO user_search (${columnNames}, role_ids)
      SELECT ${columnNames}, ${selectRoleIds(sql`input.user_id`)} FROM input
      ON CONFLICT (user_id) DO UPDATE SET (${columnNames}, role_ids) = ROW(${excludedColumns}, excluded.role_ids)
      RETURNING id, user_id, xmax = 0 AS is_new
    ), wanted AS MATERIALIZED (
      SELECT entry.id, key FROM entry JOIN input USING (user_id), unnest(input.keys) AS key
    ), stored AS MATERIALIZED (
      -- The array leaves the planner one way: by id. Its estimates of a join here once read the whole table.
      SELECT id, key FROM user_search_values WHERE id = ANY(ARRAY(SELECT id FROM entry WHERE NOT is_new))
    ), gone AS (
      DELETE FROM user_search_values AS old WHERE old.id = ANY(ARRAY(SELECT id FROM entry WHERE NOT is_new))
        AND (old.id, old.key) NOT IN (SELECT id, key FROM wanted)
    )
    INSERT INTO user_search_values (id, key)
    SELECT id, key FROM wanted WHERE (id, key) NOT IN (SELECT id, key FROM stored)`.execute(transaction);
}

const excludedColumns = sql.raw(
  `excluded.user_id, excluded.email, excluded.name, excluded.given_name, excluded.family_name, excluded.nickname,
   excluded.username, excluded.phone_number, excluded.last_ip, excluded.connection, excluded.logins_count,
   excluded.last_login, excluded.identities_count, excluded.terms, excluded.created_at, excluded.updated_at`,
);

/** Columns of `toEntryLine`, for a COPY of new entries with ids from `allocateEntryIds`. */
export const copiedEntryColumns = [
  'id',
  'user_id',
  'email',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'username',
  'phone_number',
  'last_ip',
  'connection',
  'logins_count',
  'last_login',
  'identities_count',
  'terms',
  'created_at',
  'updated_at',
  'role_ids',
];

/** A new entry as a line of COPY into `user_search`. */
export function toEntryLine(
  id: number,
  userId: string,
  { columns, terms }: SearchEntry,
  {
    createdAt,
    updatedAt,
    roleIds,
  }: { createdAt: Date; updatedAt: Date; roleIds: readonly string[] | undefined },
): string {
  return toCopyLine([
    id,
    userId,
    columns.email,
    columns.name,
    columns.given_name,
    columns.family_name,
    columns.nickname,
    columns.username,
    columns.phone_number,
    columns.last_ip,
    columns.connection,
    columns.logins_count,
    columns.last_login,
    columns.identities_count,
    toBigintArray(terms),
    createdAt,
    updatedAt,
    toRoleIds(roleIds),
  ]);
}

/** As PostgreSQL reads an array of ids, which have letters, digits and `_` alone; as `selectRoleIds` finds them. */
function toRoleIds(roleIds: readonly string[] | undefined): string | null {
  if (roleIds === undefined || roleIds.length === 0) return null;
  return `{${[...new Set(roleIds)].sort().join(',')}}`;
}

/** Its values as lines of COPY into `user_search_values (id, key)`. */
export function toValueLines(id: number, { keys }: SearchEntry): string[] {
  return keys.map((key) => `${toCopyText(key)}\t${id}`);
}

/** Ids for entries that are written by COPY, which takes them as they are. */
export async function allocateEntryIds(database: Database, count: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT nextval(sequence) AS id
    FROM (SELECT pg_get_serial_sequence('user_search', 'id')::regclass AS sequence OFFSET 0) AS named,
      generate_series(1, ${count}::integer)`.execute(database);
  return rows.map((row) => row.id);
}
