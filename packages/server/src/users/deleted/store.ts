import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { Checkpoint } from '../../platform/http/paging.ts';

/**
 * The tables whose rows come back with a user, the user's own first. What was granted on the word of the account (sessions,
 * tokens, consents, a dashboard role, tickets) is over with its deletion.
 */
const tables = [
  'users',
  'identities',
  'credentials',
  'password_history',
  'user_pictures',
  'dashboard_preferences',
  'user_roles',
  'user_permissions',
] as const;

/** Keeps a user's rows as they are; the caller then deletes them. A former deletion under the same id gives way to this one. */
export async function keepDeletedUser(
  transaction: Database,
  userId: string,
  deletedBy: string,
): Promise<void> {
  const rows = sql.join(
    tables.map(
      (table) =>
        sql`${sql.lit(table)}, (SELECT coalesce(jsonb_agg(to_jsonb(kept)), '[]') FROM ${sql.table(table)} AS kept WHERE kept.user_id = ${userId})`,
    ),
  );
  await sql`DELETE FROM deleted_users WHERE user_id = ${userId}`.execute(transaction);
  await sql`
    INSERT INTO deleted_users (user_id, email, username, phone_number, name, connection_id, connection, deleted_by, rows)
    SELECT users.user_id, email, username, phone_number, name, connection_id, connection, ${deletedBy}, jsonb_build_object(${rows})
    FROM users JOIN identities ON identities.user_id = users.user_id AND position = 0
    WHERE users.user_id = ${userId}`.execute(transaction);
}

export interface StoredDeletedUser {
  readonly userId: string;
  readonly email: string | null;
  readonly username: string | null;
  readonly phoneNumber: string | null;
  readonly name: string | null;
  readonly connection: string;
  readonly deletedBy: string;
  readonly deletedAt: Date;
}

const columns = sql`user_id AS "userId", email, username, phone_number AS "phoneNumber", name, connection,
  deleted_by AS "deletedBy", deleted_at AS "deletedAt"`;
const isRecoverable = (days: number): RawBuilder<unknown> =>
  sql`deleted_at > now() - make_interval(days => ${days}::int)`;

/** The latest deletion first; of all, or of those that have the text somewhere. */
export async function listStoredDeletedUsers(
  database: Database,
  wanted: {
    readonly days: number;
    readonly text: string | undefined;
    readonly after: Checkpoint | undefined;
    readonly limit: number;
  },
): Promise<StoredDeletedUser[]> {
  const { days, text, after, limit } = wanted;
  const hasText =
    text === undefined
      ? sql`true`
      : sql`strpos(lower(concat_ws(E'\\n', user_id, email, username, phone_number, name)), lower(${text})) > 0`;
  const isAfter =
    after === undefined
      ? sql`true`
      : sql`(deleted_at, user_id) < (${after.createdAt}::timestamptz, ${after.id})`;
  const { rows } = await sql<StoredDeletedUser>`
    SELECT ${columns} FROM deleted_users WHERE ${isRecoverable(days)} AND ${hasText} AND ${isAfter}
    ORDER BY deleted_at DESC, user_id DESC LIMIT ${limit}`.execute(database);
  return rows;
}

/** Holds a deleted user whose window is not over until the transaction ends. */
export async function lockDeletedUser(
  transaction: Database,
  userId: string,
  days: number,
): Promise<StoredDeletedUser | undefined> {
  const { rows } = await sql<StoredDeletedUser>`
    SELECT ${columns} FROM deleted_users WHERE user_id = ${userId} AND ${isRecoverable(days)} FOR UPDATE`.execute(
    transaction,
  );
  return rows[0];
}

/** The connections of a deleted user's identities that are still there, held so that none begins to go. */
async function lockConnections(
  transaction: Database,
  userId: string,
): Promise<{ id: string; isPrimary: boolean }[]> {
  const { rows } = await sql<{ id: string; isPrimary: boolean }>`
    SELECT id, id = (SELECT connection_id FROM deleted_users WHERE user_id = ${userId}) AS "isPrimary"
    FROM connections
    WHERE deleted_at IS NULL AND id IN (
      SELECT kept->>'connection_id' FROM deleted_users, jsonb_array_elements(rows->'identities') AS kept WHERE user_id = ${userId})
    ORDER BY id FOR SHARE OF connections`.execute(transaction);
  return rows;
}

/** The roles of a deleted user that are still there, held so that none goes. */
async function lockRoles(transaction: Database, userId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM roles WHERE id IN (
      SELECT kept->>'role_id' FROM deleted_users, jsonb_array_elements(rows->'user_roles') AS kept WHERE user_id = ${userId})
    ORDER BY id FOR KEY SHARE`.execute(transaction);
  return rows.map(({ id }) => id);
}

/** Holds the APIs of a deleted user's permissions as they are. */
async function lockApis(transaction: Database, userId: string): Promise<void> {
  await sql`
    SELECT FROM resource_servers WHERE id IN (
      SELECT kept->>'resource_server_id' FROM deleted_users, jsonb_array_elements(rows->'user_permissions') AS kept
      WHERE user_id = ${userId})
    ORDER BY id FOR SHARE`.execute(transaction);
}

const isDefined = sql`EXISTS (
  SELECT FROM resource_servers WHERE id = kept->>'resource_server_id'
    AND settings->'scopes' @> jsonb_build_array(jsonb_build_object('value', kept->>'permission_name')))`;

/**
 * Puts a deleted user's rows back, without the identities of connections, the roles and the permissions that are gone; the search entry is the
 * caller's.
 * What is taken meanwhile fails on its constraint.
 * @returns whether that was done: not without the connection of the primary identity
 */
export async function putBackDeletedUser(transaction: Database, userId: string): Promise<boolean> {
  const connections = await lockConnections(transaction, userId);
  if (!connections.some(({ isPrimary }) => isPrimary)) return false;
  const roleIds = await lockRoles(transaction, userId);
  await lockApis(transaction, userId);
  const isThere = sql`(NOT kept ? 'connection_id' OR kept->>'connection_id' = ANY(${connections.map(({ id }) => id)}::text[]))
    AND (NOT kept ? 'permission_name' OR ${isDefined})
    AND (NOT kept ? 'role_id' OR kept->>'role_id' = ANY(${roleIds}::text[]))`;
  for (const table of tables) {
    const names = await listCommonColumns(transaction, userId, table);
    if (names.length === 0) continue;
    const list = sql.join(names.map((name) => sql.ref(name)));
    await sql`
      INSERT INTO ${sql.table(table)} (${list})
      SELECT ${list} FROM jsonb_populate_recordset(NULL::${sql.table(table)}, (
        SELECT jsonb_agg(kept) FROM deleted_users, jsonb_array_elements(rows->${sql.lit(table)}) AS kept
        WHERE user_id = ${userId} AND ${isThere}))`.execute(transaction);
  }
  await sql`UPDATE users SET updated_at = greatest(now(), updated_at), version = version + 1 WHERE user_id = ${userId}`.execute(
    transaction,
  );
  return true;
}

/** Columns that the kept rows and the table both have: those that came since get their defaults, those that went are left out. */
async function listCommonColumns(transaction: Database, userId: string, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT attname AS name FROM pg_attribute
    WHERE attrelid = ${table}::regclass AND attnum > 0 AND NOT attisdropped
      AND (SELECT rows->${sql.lit(table)}->0 ? attname FROM deleted_users WHERE user_id = ${userId})
    ORDER BY attnum`.execute(transaction);
  return rows.map(({ name }) => name);
}

/** @returns whether there was such a deleted user */
export async function deleteDeletedUser(transaction: Database, userId: string): Promise<boolean> {
  const { rows } = await sql`DELETE FROM deleted_users WHERE user_id = ${userId} RETURNING user_id`.execute(
    transaction,
  );
  return rows.length > 0;
}

/** Deletes some of those whose window is over. @returns how many went */
export async function deleteExpiredUsers(database: Database, days: number, limit: number): Promise<number> {
  const { rows } = await sql`
    DELETE FROM deleted_users WHERE user_id IN (
      SELECT user_id FROM deleted_users WHERE NOT (${isRecoverable(days)}) ORDER BY deleted_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ) RETURNING user_id`.execute(database);
  return rows.length;
}
