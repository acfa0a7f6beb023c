import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { StoredHash } from '../passwords/imported/index.ts';

/** A user to export, with the bytes of its metadata as they are stored. */
export interface Candidate {
  readonly userId: string;
  readonly size: number;
}

const metadataSize = sql`coalesce(pg_column_size(user_metadata), 0) + coalesce(pg_column_size(app_metadata), 0)`;

/** The next users in order of id, of one connection or of all. */
export async function listUsersAfter(
  database: Database,
  page: { after: string | undefined; limit: number; connectionId: string | undefined },
): Promise<Candidate[]> {
  const isOfConnection =
    page.connectionId === undefined
      ? sql`true`
      : sql`EXISTS (SELECT FROM identities WHERE identities.user_id = users.user_id AND connection_id = ${page.connectionId})`;
  const { rows } = await sql<Candidate>`
    SELECT user_id AS "userId", ${metadataSize} AS size
    FROM users WHERE user_id > ${page.after ?? ''} AND ${isOfConnection}
    ORDER BY user_id LIMIT ${page.limit}`.execute(database);
  return rows;
}

/** The sizes of users that were found already, by id; those that are gone are missing. */
export async function measureUsers(
  database: Database,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<Candidate>`
    SELECT user_id AS "userId", ${metadataSize} AS size
    FROM users WHERE user_id = ANY(${[...userIds]}::text[])`.execute(database);
  return new Map(rows.map(({ userId, size }) => [userId, size]));
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
