import { type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import type { Database } from '../../platform/database/database.ts';
import type { StoredHash } from '../passwords/imported/index.ts';
import { identitiesOfUser } from '../rows-store.ts';

/** What is read of a user, by column names and, of identities, by path; each comes as text. */
const cellTexts = {
  user_id: sql`users.user_id`,
  email: sql`email`,
  email_verified: sql`email_verified`,
  username: sql`username`,
  phone_number: sql`phone_number`,
  phone_verified: sql`phone_verified`,
  name: sql`name`,
  given_name: sql`given_name`,
  family_name: sql`family_name`,
  nickname: sql`nickname`,
  picture: sql`picture`,
  attributes: sql`attributes`,
  user_metadata: sql`user_metadata`,
  app_metadata: sql`app_metadata`,
  blocked: sql`blocked`,
  multifactor: sql`to_json(multifactor)`,
  multifactor_last_modified: toMilliseconds('multifactor_last_modified'),
  last_login: toMilliseconds('last_login'),
  last_ip: sql`last_ip`,
  logins_count: sql`logins_count`,
  last_password_reset: toMilliseconds('last_password_reset'),
  created_at: toMilliseconds('created_at'),
  updated_at: toMilliseconds('updated_at'),
  roles: sql`(SELECT json_agg(roles.name ORDER BY folded_name, roles.name) FROM user_roles
    JOIN roles ON roles.id = user_roles.role_id WHERE user_roles.user_id = users.user_id)`,
  identities: identitiesOfUser,
  'identities[0].connection': ofFirstIdentity('connection'),
  'identities[0].provider': ofFirstIdentity('provider'),
  'identities[0].user_id': ofFirstIdentity('provider_user_id'),
} as const satisfies Readonly<Record<string, RawBuilder<unknown>>>;

export type CellName = keyof typeof cellTexts;

/** Since 1970: the same in every time zone that a session may have. */
function toMilliseconds(column: string): RawBuilder<unknown> {
  return sql`(extract(epoch FROM users.${sql.ref(column)}) * 1000)::bigint`;
}

function ofFirstIdentity(column: string): RawBuilder<unknown> {
  return sql`(SELECT ${sql.ref(column)} FROM identities WHERE identities.user_id = users.user_id AND position = 0)`;
}

/**
 * Statements read users by COPY: PostgreSQL then writes a row in a third of the time that it takes to put one into JSON. COPY
 * takes no parameters, so values are literals.
 */
function toCopy(database: Database, cells: readonly CellName[], source: RawBuilder<unknown>): string {
  const columns = sql.join(cells.map((cell) => cellTexts[cell]));
  return sql`COPY (SELECT ${columns} FROM ${source}) TO STDOUT`.compile(database).sql;
}

function literal(value: string): RawBuilder<unknown> {
  return sql.raw(pg.escapeLiteral(value)); // quoted by the driver
}

/** The statement that reads the next users in order of id, of one connection or of all. */
export function copyUsersAfter(
  database: Database,
  cells: readonly CellName[],
  page: { after: string; limit: number; connectionId: string | undefined },
): string {
  const isOfConnection =
    page.connectionId === undefined
      ? sql`true`
      : sql`EXISTS (SELECT FROM identities WHERE identities.user_id = users.user_id AND connection_id = ${literal(page.connectionId)})`;
  return toCopy(
    database,
    cells,
    sql`users WHERE users.user_id > ${literal(page.after)} AND ${isOfConnection}
      ORDER BY users.user_id LIMIT ${sql.raw(String(Math.floor(page.limit)))}`, // a number
  );
}

/** The statement that reads these users, in this order; those that are gone are missing. */
export function copyUsersById(
  database: Database,
  cells: readonly CellName[],
  userIds: readonly string[],
): string {
  const wanted = literal(JSON.stringify(userIds));
  return toCopy(
    database,
    cells,
    sql`json_array_elements_text(${wanted}) WITH ORDINALITY AS wanted (user_id, place)
      JOIN users ON users.user_id = wanted.user_id ORDER BY place`,
  );
}

export async function countUsers(database: Database, connectionId: string | undefined): Promise<number> {
  const { rows } = await (connectionId === undefined
    ? sql<{ count: number }>`SELECT count(*) AS count FROM users`
    : sql<{
        count: number;
      }>`SELECT count(DISTINCT user_id) AS count FROM identities WHERE connection_id = ${connectionId}`
  ).execute(database);
  return rows[0]?.count ?? 0;
}

/** A second factor as it is stored; `secret` is encrypted. */
export interface StoredFactor {
  readonly kind: 'totp' | 'phone' | 'email';
  readonly value: string | null;
  readonly secret: Buffer | null;
}

export interface StoredCredentials {
  readonly hash?: StoredHash;
  readonly factors: readonly StoredFactor[];
}

/** Password hashes of the primary identities, and second factors, by user. */
export async function listCredentials(
  database: Database,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, StoredCredentials>> {
  const hashes = await sql<{ user_id: string; hash: string; algorithm: string }>`
    SELECT user_id, hash, algorithm
    FROM credentials JOIN identities USING (user_id, connection_id, provider_user_id)
    WHERE user_id = ANY(${[...userIds]}::text[]) AND identities.position = 0`.execute(database);
  const factors = await sql<StoredFactor & { user_id: string }>`
    SELECT user_id, kind, "value", secret FROM factors
    WHERE user_id = ANY(${[...userIds]}::text[]) ORDER BY user_id, position`.execute(database);
  const byUser = new Map<string, { hash?: StoredHash; factors: StoredFactor[] }>();
  for (const { user_id: userId, hash, algorithm } of hashes.rows)
    byUser.set(userId, { hash: { hash, algorithm }, factors: [] });
  for (const { user_id: userId, ...factor } of factors.rows) {
    const known = byUser.get(userId);
    if (known) known.factors.push(factor);
    else byUser.set(userId, { factors: [factor] });
  }
  return byUser;
}
