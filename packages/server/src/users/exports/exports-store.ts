import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { StoredHash } from '../passwords/imported/index.ts';

/** The next users in order of id, of one connection or of all. */
export async function listUserIdsAfter(
  database: Database,
  page: { after: string | undefined; limit: number; connectionId: string | undefined },
): Promise<string[]> {
  const isOfConnection =
    page.connectionId === undefined
      ? sql`true`
      : sql`EXISTS (SELECT FROM identities WHERE identities.user_id = users.user_id AND connection_id = ${page.connectionId})`;
  const { rows } = await sql<{ user_id: string }>`
    SELECT user_id FROM users WHERE user_id > ${page.after ?? ''} AND ${isOfConnection}
    ORDER BY user_id LIMIT ${page.limit}`.execute(database);
  return rows.map((row) => row.user_id);
}

/**
 * The first of these users whose stored profiles fit into so many bytes together; at least one. Profiles may be a
 * thousand times larger than is usual.
 */
export async function takeWithinSize(
  database: Database,
  userIds: readonly string[],
  bytes: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM (
      SELECT sum(coalesce(pg_column_size(user_metadata), 0) + coalesce(pg_column_size(app_metadata), 0))
        OVER (ORDER BY position) AS size
      FROM unnest(${[...userIds]}::text[]) WITH ORDINALITY AS asked (user_id, position)
      LEFT JOIN users USING (user_id)
    ) AS sizes WHERE size <= ${bytes}`.execute(database);
  return userIds.slice(0, Math.max(1, rows[0]?.count ?? 0));
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
