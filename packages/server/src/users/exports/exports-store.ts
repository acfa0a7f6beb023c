import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { StoredHash } from '../passwords/imported/index.ts';
import { identitiesOfUser } from '../store.ts';
import type { User } from '../user.ts';

/** A user to export, with the bytes of its metadata as text, about. */
export interface Candidate {
  readonly userId: string;
  readonly size: number;
}

/** What is stored compressed may be a hundred times as long as text. */
const metadataSize = sql.join(
  ['user_metadata', 'app_metadata'].map((column) => {
    const metadata = sql.ref(column);
    return sql`CASE WHEN pg_column_size(${metadata}) > 1500 THEN octet_length(${metadata}::text)
      ELSE coalesce(pg_column_size(${metadata}), 0) END`;
  }),
  sql` + `,
);

/** Parts of a user that an export may do without, by their names in `User`. */
const partColumns = {
  email: 'email',
  emailVerified: 'email_verified',
  username: 'username',
  phoneNumber: 'phone_number',
  phoneVerified: 'phone_verified',
  name: 'name',
  givenName: 'given_name',
  familyName: 'family_name',
  nickname: 'nickname',
  picture: 'picture',
  attributes: 'attributes',
  userMetadata: 'user_metadata',
  appMetadata: 'app_metadata',
  isBlocked: 'blocked',
  multifactor: 'multifactor',
  multifactorLastModified: 'multifactor_last_modified',
  lastLogin: 'last_login',
  lastIp: 'last_ip',
  loginsCount: 'logins_count',
  lastPasswordReset: 'last_password_reset',
  identities: undefined,
} as const satisfies Partial<Record<keyof User, string | undefined>>;

export type UserPart = keyof typeof partColumns;

const instantParts: ReadonlySet<string> = new Set<UserPart>([
  'multifactorLastModified',
  'lastLogin',
  'lastPasswordReset',
]);

function selectPart(part: UserPart): RawBuilder<unknown> {
  const column = partColumns[part];
  if (column === undefined) return identitiesOfUser;
  return instantParts.has(part) ? toMilliseconds(column) : sql.ref(`users.${column}`);
}

function toMilliseconds(column: string): RawBuilder<unknown> {
  return sql`(extract(epoch FROM ${sql.ref(`users.${column}`)}) * 1000)::bigint`;
}

/**
 * These parts of users, in the order of their ids; what is not asked for is missing or empty. PostgreSQL puts all of them
 * into one JSON text, which takes a third of the time of reading them column by column.
 */
export async function readUsers(
  database: Database,
  userIds: readonly string[],
  parts: readonly UserPart[],
): Promise<User[]> {
  const columns = [
    sql`users.user_id`,
    toMilliseconds('created_at'),
    toMilliseconds('updated_at'),
    ...parts.map(selectPart),
  ];
  const { rows } = await sql<{ all: readonly UserValues[] | null }>`
    SELECT json_agg(json_build_array(${sql.join(columns)})) AS all
    FROM users WHERE users.user_id = ANY(${[...userIds]}::text[])`.execute(database);
  const byId = new Map((rows[0]?.all ?? []).map((values) => [values[0], values]));
  return userIds.flatMap((userId) => {
    const values = byId.get(userId);
    return values ? [toUser(values, parts)] : [];
  });
}

/** Id, times of creation and update, then the parts that were asked for. */
type UserValues = readonly [userId: string, createdAt: number, updatedAt: number, ...parts: unknown[]];

function toUser([userId, createdAt, updatedAt, ...values]: UserValues, parts: readonly UserPart[]): User {
  const user: User = {
    userId,
    version: 0,
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
    identities: [],
  };
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    const value = values[index];
    if (part === undefined || value === null || value === undefined) continue;
    Reflect.set(user, part, instantParts.has(part) ? new Date(Number(value)) : value);
  }
  return user;
}

/** The next users in order of id, of one connection or of all. */
export async function listUsersAfter(
  database: Database,
  page: { after: string | undefined; limit: number; connectionId: string | undefined },
): Promise<Candidate[]> {
  const isOfConnection =
    page.connectionId === undefined
      ? sql`true`
      : sql`EXISTS (SELECT FROM identities WHERE identities.user_id = users.user_id AND connection_id = ${page.connectionId})`;
  return readCandidates(
    database,
    sql`users WHERE user_id > ${page.after ?? ''} AND ${isOfConnection} ORDER BY user_id LIMIT ${page.limit}`,
  );
}

/** The sizes of users that were found already, by id; those that are gone are missing. */
export async function measureUsers(
  database: Database,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const candidates = await readCandidates(database, sql`users WHERE user_id = ANY(${[...userIds]}::text[])`);
  return new Map(candidates.map(({ userId, size }) => [userId, size]));
}

/** As `readUsers` does, in one text. */
async function readCandidates(database: Database, source: RawBuilder<unknown>): Promise<Candidate[]> {
  const { rows } = await sql<{ all: readonly [userId: string, size: number][] | null }>`
    SELECT json_agg(json_build_array(user_id, size)) AS all
    FROM (SELECT user_id, ${metadataSize} AS size FROM ${source}) AS candidates`.execute(database);
  return (rows[0]?.all ?? []).map(([userId, size]) => ({ userId, size }));
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
