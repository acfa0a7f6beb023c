import { type RawBuilder, sql } from 'kysely';
import { composeLogInsert, type LogEvent, toLogValues } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import { insertEntry, updateEntry, upsertEntries } from './search/entries-store.ts';
import { makeSearchEntry } from './search/entry.ts';
import { findUsers } from './store.ts';
import type { Identity, Metadata, User } from './user.ts';

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

/** Makes the search entries of these users anew, from what the transaction sees of them. */
export async function rewriteEntries(transaction: Database, userIds: readonly string[]): Promise<void> {
  const users = await findUsers(transaction, userIds);
  await upsertEntries(
    transaction,
    users.map((user) => ({ userId: user.userId, ...makeSearchEntry(user) })),
  );
}

function toJson(value: Metadata | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
