import { sql } from 'kysely';
import type { Identity, Metadata, User } from './user.ts';

export interface UserColumns {
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

export const selectUser = sql`SELECT users.*, ${identitiesOfUser} AS identities FROM users`;

/** A user, and the time that a change which begins here has. */
export interface UserForChange {
  readonly user: User;
  readonly changedAt: Date;
}

export const selectUserForChange = sql`
  SELECT users.*, ${identitiesOfUser} AS identities, greatest(now(), users.updated_at)::timestamptz(3) AS changed_at
  FROM users`;

export function toUserForChange(row: UserRow & { changed_at: Date }): UserForChange {
  return { user: toUser(row), changedAt: row.changed_at };
}

export function toUser(row: UserRow): User {
  return makeUser(row, row.identities ?? []);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Assigns rather than spreads: this runs for every row of every read. */
export function makeUser(row: UserColumns, identities: readonly Identity[]): User {
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
