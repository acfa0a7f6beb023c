import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { User } from '../user.ts';

/** An identity that stands in the way of a row, or that the row means. */
export interface KnownIdentity {
  readonly userId: string;
  readonly position: number;
  readonly connectionId: string;
  readonly providerUserId: string;
  readonly email: string | undefined;
  readonly username: string | undefined;
  readonly phone: string | undefined;
}

export interface WantedIdentifiers {
  readonly emails: readonly string[];
  readonly usernames: readonly string[];
  readonly phones: readonly string[];
  readonly providerUserIds: readonly string[];
}

/**
 * Identities of a connection that have any of these identifiers, each looked up by itself: before a directory that is being
 * filled was analyzed, the planner takes a connection for one of many and would read all of its identities instead.
 */
export async function findKnownIdentities(
  database: Database,
  connectionId: string,
  wanted: WantedIdentifiers,
): Promise<KnownIdentity[]> {
  const findBy = (column: string, values: readonly string[]) => sql`
    SELECT known.* FROM unnest(${[...values]}::text[]) AS wanted (value), LATERAL (
      SELECT user_id, position, connection_id, provider_user_id, email_identifier, username_identifier, phone_identifier
      FROM identities WHERE connection_id = ${connectionId} AND ${sql.ref(column)} = wanted.value LIMIT 1
    ) AS known`;
  const { rows } = await sql<{
    user_id: string;
    position: number;
    connection_id: string;
    provider_user_id: string;
    email_identifier: string | null;
    username_identifier: string | null;
    phone_identifier: string | null;
  }>`
    ${findBy('email_identifier', wanted.emails)}
    UNION ${findBy('username_identifier', wanted.usernames)}
    UNION ${findBy('phone_identifier', wanted.phones)}
    UNION ${findBy('provider_user_id', wanted.providerUserIds)}`.execute(database);
  return rows.map((row) => ({
    userId: row.user_id,
    position: row.position,
    connectionId: row.connection_id,
    providerUserId: row.provider_user_id,
    email: row.email_identifier ?? undefined,
    username: row.username_identifier ?? undefined,
    phone: row.phone_identifier ?? undefined,
  }));
}

/** Which of these users there are. */
export async function findTakenUserIds(
  database: Database,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (userIds.length === 0) return new Set();
  const { rows } = await sql<{ user_id: string }>`
    SELECT user_id FROM users WHERE user_id = ANY(${[...userIds]}::text[])`.execute(database);
  return new Set(rows.map((row) => row.user_id));
}

/** The first 8 bytes of SHA-256, as PostgreSQL's bigint. */
export function hashIdentifier(identifier: string): string {
  return hash('sha256', identifier, 'buffer').readBigInt64BE(0).toString();
}

/** Which of these identifiers earlier rows of the job had. */
export async function findHandledIdentifiers(
  database: Database,
  jobId: string,
  hashes: readonly string[],
): Promise<ReadonlySet<string>> {
  if (hashes.length === 0) return new Set();
  const { rows } = await sql<{ hash: string }>`
    SELECT hash::text AS hash FROM job_identifiers WHERE job_id = ${jobId} AND hash = ANY(${[...hashes]}::bigint[])`.execute(
    database,
  );
  return new Set(rows.map((row) => row.hash));
}

/** A user's password in a connection. */
export interface CredentialPlace {
  readonly userId: string;
  readonly connectionId: string;
}

/** The hashes of users' passwords in their connections, by user, for an upsert that brings one. */
export async function findCredentials(
  transaction: Database,
  places: readonly CredentialPlace[],
): Promise<ReadonlyMap<string, { hash: string; algorithm: string }>> {
  if (places.length === 0) return new Map();
  const { rows } = await sql<{ user_id: string; hash: string; algorithm: string }>`
    SELECT user_id, hash, algorithm FROM credentials
    JOIN unnest(${places.map(({ userId }) => userId)}::text[], ${places.map(({ connectionId }) => connectionId)}::text[])
      AS wanted (user_id, connection_id) USING (user_id, connection_id)`.execute(transaction);
  return new Map(rows.map(({ user_id, hash, algorithm }) => [user_id, { hash, algorithm }]));
}

export async function upsertCredentials(
  transaction: Database,
  credentials: readonly (CredentialPlace & { providerUserId: string; hash: string; algorithm: string })[],
): Promise<void> {
  if (credentials.length === 0) return;
  await sql`
    INSERT INTO credentials (user_id, connection_id, provider_user_id, hash, algorithm)
    SELECT user_id, connection_id, provider_user_id, hash, algorithm
    FROM jsonb_to_recordset(${JSON.stringify(
      credentials.map(({ userId, connectionId, providerUserId, hash, algorithm }) => ({
        user_id: userId,
        connection_id: connectionId,
        provider_user_id: providerUserId,
        hash,
        algorithm,
      })),
    )}::jsonb) AS input (user_id text, connection_id text, provider_user_id text, hash text, algorithm text)
    ON CONFLICT (user_id, connection_id, provider_user_id)
      DO UPDATE SET hash = excluded.hash, algorithm = excluded.algorithm, set_at = now()`.execute(
    transaction,
  );
}

/** Writes what an upsert may change of many users; bumps `updated_at` and the version. */
export async function updateImportedUsers(transaction: Database, users: readonly User[]): Promise<void> {
  if (users.length === 0) return;
  const input = JSON.stringify(
    users.map((user) => ({
      user_id: user.userId,
      email_verified: user.emailVerified,
      name: user.name,
      given_name: user.givenName,
      family_name: user.familyName,
      nickname: user.nickname,
      picture: user.picture,
      user_metadata: user.userMetadata,
      app_metadata: user.appMetadata,
    })),
  );
  await sql`
    UPDATE users SET email_verified = input.email_verified, name = input.name, given_name = input.given_name,
      family_name = input.family_name, nickname = input.nickname, picture = input.picture,
      user_metadata = input.user_metadata, app_metadata = input.app_metadata,
      updated_at = greatest(now(), users.updated_at), version = users.version + 1
    FROM jsonb_populate_recordset(NULL::users, ${input}::jsonb) AS input WHERE users.user_id = input.user_id`.execute(
    transaction,
  );
  // What a linked user's own identity shows of itself.
  await sql`
    UPDATE identities SET profile = jsonb_set(profile, '{email_verified}', to_jsonb(users.email_verified))
    FROM users WHERE users.user_id = identities.user_id AND identities.position = 0
      AND identities.user_id = ANY(${users.map((user) => user.userId)}::text[])
      AND identities.profile ? 'email_verified' AND users.email_verified IS NOT NULL
      AND identities.profile -> 'email_verified' <> to_jsonb(users.email_verified)`.execute(transaction);
}

/** Users of the whole directory, counted up to a limit. */
export async function countUsersUpTo(database: Database, limit: number): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    SELECT count(*) AS number FROM (SELECT 1 FROM users LIMIT ${limit}) AS counted`.execute(database);
  return rows[0]?.number ?? 0;
}
