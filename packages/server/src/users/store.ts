import { type RawBuilder, sql } from 'kysely';
import { composeLogInsert, type LogEvent, toLogValues } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import { createStatement } from '../platform/database/statement.ts';
import { insertEntry, updateEntry, upsertEntries } from './search/entries-store.ts';
import { makeSearchEntry } from './search/entry.ts';
import type { Identity, Metadata, User } from './user.ts';

interface UserColumns {
  user_id: string;
  email: string | null;
  email_verified: boolean | null;
  username: string | null;
  phone_number: string | null;
  phone_verified: boolean | null;
  name: string | null;
  given_name: string | null;
  family_name: string | null;
  nickname: string | null;
  picture: string | null;
  attributes: Record<string, unknown> | null;
  user_metadata: Metadata | null;
  app_metadata: Metadata | null;
  blocked: boolean | null;
  multifactor: string[] | null;
  multifactor_last_modified: Date | null;
  last_login: Date | null;
  last_ip: string | null;
  logins_count: number | null;
  last_password_reset: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** A row of `users` with its identities, as `identitiesOfUser` reads them. */
export interface UserRow extends UserColumns {
  identities: Identity[] | null;
}

/** An expression of a statement on `users`. */
export const identitiesOfUser = sql`(
  SELECT json_agg(json_build_object(
    'connectionId', identities.connection_id, 'connection', identities.connection, 'provider', identities.provider,
    'userId', identities.provider_user_id, 'isSocial', identities.is_social, 'profile', identities.profile
  ) ORDER BY identities.position)
  FROM identities WHERE identities.user_id = users.user_id
)`;

const selectUser = sql`SELECT users.*, ${identitiesOfUser} AS identities FROM users`;

const selectUserById = createStatement<'user_id', UserRow>(
  (parameter) => sql`${selectUser} WHERE users.user_id = ${parameter('user_id')}`,
);

export async function findUser(database: Database, userId: string): Promise<User | undefined> {
  const [row] = await selectUserById(database, { user_id: userId });
  return row && toUser(row);
}

/**
 * The same, for whoever writes something that belongs to the user: kept from being deleted, while others may change it, until
 * the transaction ends.
 */
export async function keepUser(transaction: Database, userId: string): Promise<User | undefined> {
  const { rows } =
    await sql<UserRow>`${selectUser} WHERE users.user_id = ${userId} FOR KEY SHARE OF users`.execute(
      transaction,
    );
  return rows[0] && toUser(rows[0]);
}

/** The same, holding the row until the transaction ends: writers of one user queue here. */
export async function lockUser(transaction: Database, userId: string): Promise<User | undefined> {
  const { rows } =
    await sql<UserRow>`${selectUser} WHERE users.user_id = ${userId} FOR UPDATE OF users`.execute(
      transaction,
    );
  return rows[0] && toUser(rows[0]);
}

/** A user, and the time that a change which begins here has. */
export interface UserForChange {
  readonly user: User;
  readonly changedAt: Date;
}

const selectUserForChange = sql`
  SELECT users.*, ${identitiesOfUser} AS identities, greatest(now(), users.updated_at)::timestamptz(3) AS changed_at
  FROM users`;

/** The user as `lockUser` finds it, for a change in this transaction. */
export async function lockUserForChange(
  transaction: Database,
  userId: string,
): Promise<UserForChange | undefined> {
  const { rows } = await sql<UserRow & { changed_at: Date }>`
    ${selectUserForChange} WHERE users.user_id = ${userId} FOR UPDATE OF users`.execute(transaction);
  return rows[0] && toUserForChange(rows[0]);
}

/** The same without holding it, for a change that is made if nobody else changes the user meanwhile. */
export async function findUserForChange(
  database: Database,
  userId: string,
): Promise<UserForChange | undefined> {
  const { rows } = await sql<UserRow & { changed_at: Date }>`
    ${selectUserForChange} WHERE users.user_id = ${userId}`.execute(database);
  return rows[0] && toUserForChange(rows[0]);
}

function toUserForChange(row: UserRow & { changed_at: Date }): UserForChange {
  return { user: toUser(row), changedAt: row.changed_at };
}

/** The same for many, in the order of their ids, which is the order that they are held in. */
export async function lockUsers(transaction: Database, userIds: readonly string[]): Promise<User[]> {
  if (userIds.length === 0) return [];
  const { rows } = await sql<UserRow>`
    ${selectUser} WHERE users.user_id = ANY(${[...userIds]}::text[]) ORDER BY users.user_id FOR UPDATE OF users`.execute(
    transaction,
  );
  return rows.map(toUser);
}

/** Users whose own address is exactly this; database connections, which store lower case, also match its lower case. */
export async function listUsersWithEmail(database: Database, email: string): Promise<User[]> {
  const { rows } = await sql<UserRow>`
    ${selectUser} JOIN identities AS primary_identity ON primary_identity.user_id = users.user_id AND primary_identity.position = 0
    WHERE users.email IN (${email}, ${email.toLowerCase()})
      AND (users.email = ${email} OR primary_identity.provider IN ('auth0', 'email'))
    ORDER BY users.created_at, users.user_id LIMIT 1000`.execute(database);
  return rows.map(toUser);
}

/**
 * Keeps a user from going, and their writers waiting, until the transaction ends. Whoever also holds what is counted for users
 * holds the user first.
 * @param userId empty for nobody, which takes as long
 * @returns whether the user is still there
 */
export async function holdUser(transaction: Database, userId: string): Promise<boolean> {
  const { rows } = await sql`SELECT FROM users WHERE user_id = ${userId} FOR KEY SHARE`.execute(transaction);
  return rows.length > 0;
}

export interface NewIdentity extends Identity {
  /** What the connection knows the person by, unique in it; absent where it does not demand uniqueness. */
  readonly emailIdentifier?: string;
  readonly usernameIdentifier?: string;
  readonly phoneIdentifier?: string;
}

export type NewUser = Omit<User, 'identities' | 'createdAt' | 'updatedAt' | 'version'> & {
  readonly identity: NewIdentity;
};

/** Inserts a user with its primary identity and its search entry; a taken id or identifier fails on its constraint. */
export async function insertUser(
  transaction: Database,
  user: NewUser,
): Promise<{ createdAt: Date; updatedAt: Date; version: number }> {
  const { identity } = user;
  const entry = makeSearchEntry({ ...user, identities: [identity] });
  const { rows } = await sql<{ created_at: Date; updated_at: Date; version: number }>`
    WITH new_user AS (
      INSERT INTO users (user_id, email, email_verified, username, phone_number, phone_verified, name, given_name, family_name,
        nickname, picture, user_metadata, app_metadata, blocked)
      VALUES (${user.userId}, ${user.email ?? null}, ${user.emailVerified ?? null}, ${user.username ?? null},
        ${user.phoneNumber ?? null}, ${user.phoneVerified ?? null}, ${user.name ?? null}, ${user.givenName ?? null},
        ${user.familyName ?? null}, ${user.nickname ?? null}, ${user.picture ?? null}, ${toJson(user.userMetadata)},
        ${toJson(user.appMetadata)}, ${user.isBlocked ?? null})
      RETURNING created_at, updated_at, version
    ), new_identity AS (
      INSERT INTO identities (user_id, position, connection_id, connection, provider, provider_user_id, is_social,
        email_identifier, username_identifier, phone_identifier, profile)
      VALUES (${user.userId}, 0, ${identity.connectionId}, ${identity.connection}, ${identity.provider}, ${identity.userId},
        ${identity.isSocial}, ${identity.emailIdentifier ?? null}, ${identity.usernameIdentifier ?? null},
        ${identity.phoneIdentifier ?? null}, ${JSON.stringify(identity.profile)})
    ), ${insertEntry(user.userId, entry, 'new_user')}
    SELECT created_at, updated_at, version FROM new_user`.execute(transaction);
  const row = rows[0];
  if (!row) throw new Error('the insert of a user returned no row');
  return { createdAt: row.created_at, updatedAt: row.updated_at, version: row.version };
}

/** Writes every column that a request can change and the search entry; bumps `updated_at` and the version. */
export async function updateUserRow(
  transaction: Database,
  user: User,
): Promise<{ updatedAt: Date; version: number }> {
  const row = await writeUserRow(transaction, user, sql`greatest(now(), updated_at)`, sql``, sql``);
  if (!row) throw new Error('the update of a locked user touched no row');
  return row;
}

/**
 * The same in one statement with the event that tells of it, which can show the user as it is then: the time is that of the
 * `UserForChange`, and the version is the next one.
 * @returns false when somebody changed or deleted the user since it was read; nothing is written then
 */
export async function updateUserRowWithEvent(
  database: Database,
  user: User,
  event: LogEvent,
): Promise<boolean> {
  const values = toLogValues(event);
  const row = await writeUserRow(
    database,
    user,
    sql`${user.updatedAt}`,
    sql`AND version = ${user.version - 1}`,
    sql`, written_event AS (${composeLogInsert((name) => sql`${values[name]}`, 'changed_user')})`,
  );
  return row !== undefined;
}

async function writeUserRow(
  transaction: Database,
  user: User,
  updatedAt: RawBuilder<unknown>,
  condition: RawBuilder<unknown>,
  further: RawBuilder<unknown>,
): Promise<{ updatedAt: Date; version: number } | undefined> {
  const { rows } = await sql<{ updated_at: Date; version: number }>`
    WITH changed_user AS (
    UPDATE users SET email = ${user.email ?? null}, email_verified = ${user.emailVerified ?? null}, username = ${user.username ?? null},
      phone_number = ${user.phoneNumber ?? null}, phone_verified = ${user.phoneVerified ?? null}, name = ${user.name ?? null},
      given_name = ${user.givenName ?? null}, family_name = ${user.familyName ?? null}, nickname = ${user.nickname ?? null},
      picture = ${user.picture ?? null}, user_metadata = ${toJson(user.userMetadata)}, app_metadata = ${toJson(user.appMetadata)},
      blocked = ${user.isBlocked ?? null}, last_password_reset = ${user.lastPasswordReset ?? null},
      updated_at = ${updatedAt}, version = version + 1
    WHERE user_id = ${user.userId} ${condition}
    RETURNING updated_at, version
    ), ${updateEntry(user.userId, makeSearchEntry(user), 'changed_user')}${further}
    SELECT updated_at, version FROM changed_user`.execute(transaction);
  return rows[0] && { updatedAt: rows[0].updated_at, version: rows[0].version };
}

export interface IdentityChange {
  readonly emailIdentifier: string | null;
  readonly usernameIdentifier: string | null;
  readonly phoneIdentifier: string | null;
  readonly profile: Readonly<Record<string, unknown>>;
}

/** Rewrites what one identity is known by; a taken identifier fails on its constraint. */
export async function updateIdentity(
  transaction: Database,
  userId: string,
  identity: Identity,
  change: IdentityChange,
): Promise<void> {
  await sql`
    UPDATE identities SET email_identifier = ${change.emailIdentifier}, username_identifier = ${change.usernameIdentifier},
      phone_identifier = ${change.phoneIdentifier}, profile = ${JSON.stringify(change.profile)}
    WHERE user_id = ${userId} AND connection_id = ${identity.connectionId} AND provider_user_id = ${identity.userId}`.execute(
    transaction,
  );
}

/** Rewrites what a connection last said of the person; identifiers stay. */
export async function updateIdentityProfile(
  transaction: Database,
  userId: string,
  identity: Identity,
  profile: Readonly<Record<string, unknown>>,
): Promise<void> {
  await sql`
    UPDATE identities SET profile = ${JSON.stringify(profile)}
    WHERE user_id = ${userId} AND connection_id = ${identity.connectionId} AND provider_user_id = ${identity.userId}`.execute(
    transaction,
  );
}

/** @returns whether there was such a user; everything that belongs to it goes with it */
export async function deleteUserRow(transaction: Database, userId: string): Promise<boolean> {
  const { rows } = await sql`DELETE FROM users WHERE user_id = ${userId} RETURNING user_id`.execute(
    transaction,
  );
  return rows.length > 0;
}

/** The id of the user whose primary identity in this connection has the address. */
export async function findUserIdByIdentifier(
  database: Database,
  connectionId: string,
  email: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ user_id: string }>`
    SELECT user_id FROM identities WHERE connection_id = ${connectionId} AND email_identifier = ${email} AND position = 0`.execute(
    database,
  );
  return rows[0]?.user_id;
}

/** Deletes up to `limit` users whose primary identity is in the connection, and unlinks it from others. */
export async function deleteUsersOfConnection(
  transaction: Database,
  connectionId: string,
  limit: number,
): Promise<number> {
  const unlinked = await sql<{ user_id: string }>`
    DELETE FROM identities WHERE connection_id = ${connectionId} AND position > 0 RETURNING user_id`.execute(
    transaction,
  );
  const { rows } = await sql`
    DELETE FROM users WHERE user_id IN (
      SELECT user_id FROM identities WHERE connection_id = ${connectionId} AND position = 0 LIMIT ${limit}
    ) RETURNING user_id`.execute(transaction);
  const unlinkedIds = unlinked.rows.map((row) => row.user_id);
  if (unlinkedIds.length > 0)
    await sql`
      UPDATE users SET updated_at = greatest(now(), updated_at), version = version + 1
      WHERE user_id = ANY(${unlinkedIds}::text[])`.execute(transaction);
  await rewriteEntries(transaction, unlinkedIds);
  return rows.length;
}

interface IdentityColumns {
  connection_id: string | null;
  connection: string;
  provider: string;
  provider_user_id: string;
  is_social: boolean;
  profile: Identity['profile'];
}

const selectUsersByIds = createStatement<'user_ids', UserColumns & IdentityColumns>(
  (parameter) => sql`
    SELECT users.*, identities.connection_id, identities.connection, identities.provider, identities.provider_user_id,
      identities.is_social, identities.profile
    FROM users LEFT JOIN identities ON identities.user_id = users.user_id
    WHERE users.user_id = ANY(${parameter('user_ids')}::text[]) ORDER BY identities.position`,
);

/**
 * Users by id, in the order of the ids; those that are gone are left out. A row is an identity with its user: for a page of
 * users, who mostly have one, PostgreSQL takes two thirds of the time that it takes to make JSON of identities.
 */
export async function findUsers(database: Database, userIds: readonly string[]): Promise<User[]> {
  if (userIds.length === 0) return [];
  const rows = await selectUsersByIds(database, { user_ids: userIds });
  const identities = new Map<string, Identity[]>();
  const users = new Map<string, User>();
  for (const row of rows) {
    const known = identities.get(row.user_id) ?? [];
    if (known.length === 0) {
      identities.set(row.user_id, known);
      users.set(row.user_id, makeUser(row, known));
    }
    if (row.connection_id !== null) known.push(toIdentity(row, row.connection_id));
  }
  return userIds.flatMap((userId) => users.get(userId) ?? []);
}

function toIdentity(row: IdentityColumns, connectionId: string): Identity {
  return {
    connectionId,
    connection: row.connection,
    provider: row.provider,
    userId: row.provider_user_id,
    isSocial: row.is_social,
    profile: row.profile,
  };
}

/** Makes the search entries of these users anew, from what the transaction sees of them. */
export async function rewriteEntries(transaction: Database, userIds: readonly string[]): Promise<void> {
  const users = await findUsers(transaction, userIds);
  await upsertEntries(
    transaction,
    users.map((user) => ({ userId: user.userId, ...makeSearchEntry(user) })),
  );
}

/** Holds the next users in order of `user_id`, so that their entries can be made anew. @returns their ids */
export async function lockNextUsers(
  transaction: Database,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`
    SELECT user_id FROM users WHERE user_id > ${after ?? ''} ORDER BY user_id LIMIT ${limit} FOR UPDATE`.execute(
    transaction,
  );
  return rows.map((row) => row.user_id);
}

function toJson(value: Metadata | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function toUser(row: UserRow): User {
  return makeUser(row, row.identities ?? []);
}

/** Assigns rather than spreads: this runs for every row of every read. */
function makeUser(row: UserColumns, identities: readonly Identity[]): User {
  const user: Mutable<User> = {
    userId: row.user_id,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    identities,
  };
  if (row.email !== null) user.email = row.email;
  if (row.email_verified !== null) user.emailVerified = row.email_verified;
  if (row.username !== null) user.username = row.username;
  if (row.phone_number !== null) user.phoneNumber = row.phone_number;
  if (row.phone_verified !== null) user.phoneVerified = row.phone_verified;
  if (row.name !== null) user.name = row.name;
  if (row.given_name !== null) user.givenName = row.given_name;
  if (row.family_name !== null) user.familyName = row.family_name;
  if (row.nickname !== null) user.nickname = row.nickname;
  if (row.picture !== null) user.picture = row.picture;
  if (row.attributes !== null) user.attributes = row.attributes;
  if (row.user_metadata !== null) user.userMetadata = row.user_metadata;
  if (row.app_metadata !== null) user.appMetadata = row.app_metadata;
  if (row.blocked !== null) user.isBlocked = row.blocked;
  if (row.multifactor !== null) user.multifactor = row.multifactor;
  if (row.multifactor_last_modified !== null) user.multifactorLastModified = row.multifactor_last_modified;
  if (row.last_login !== null) user.lastLogin = row.last_login;
  if (row.last_ip !== null) user.lastIp = row.last_ip;
  if (row.logins_count !== null) user.loginsCount = row.logins_count;
  if (row.last_password_reset !== null) user.lastPasswordReset = row.last_password_reset;
  return user;
}
