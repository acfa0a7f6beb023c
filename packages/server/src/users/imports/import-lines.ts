import { toCopyLine } from '../../platform/database/bulk-connection.ts';
import {
  copiedEntryColumns,
  makeSearchEntry,
  type SearchEntry,
  toEntryLine,
  toValueLines,
} from '../search/index.ts';
import type { PreparedRow } from './prepare-row.ts';

/** The tables that a new user stands in, in the order that their references ask for, with the columns of their lines. */
export const copiedTables = {
  users: [
    'user_id',
    'email',
    'email_verified',
    'username',
    'phone_number',
    'phone_verified',
    'name',
    'given_name',
    'family_name',
    'nickname',
    'picture',
    'user_metadata',
    'app_metadata',
    'blocked',
    'last_login',
    'last_ip',
    'logins_count',
    'last_password_reset',
    'created_at',
    'updated_at',
  ],
  identities: [
    'user_id',
    'position',
    'connection_id',
    'connection',
    'provider',
    'provider_user_id',
    'is_social',
    'email_identifier',
    'username_identifier',
    'phone_identifier',
    'profile',
  ],
  credentials: ['user_id', 'connection_id', 'provider_user_id', 'hash', 'algorithm'],
  factors: ['user_id', 'position', 'kind', 'value', 'secret'],
  user_search: copiedEntryColumns,
  user_search_values: ['key', 'id'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** One user's lines of each table. */
export type UserLines = Readonly<Record<keyof typeof copiedTables, readonly string[]>>;

export interface LineContext {
  /** What users have that the file gives no time. */
  readonly now: Date;
  /** Id of the search entry, from the table's sequence. */
  readonly entryId: number;
  readonly encrypt: (secret: string, userId: string) => Buffer;
}

/** Writes a prepared row as the lines that insert it. */
export function toUserLines({ user, hash, factors }: PreparedRow, context: LineContext): UserLines {
  const createdAt = user.createdAt ?? context.now;
  const updatedAt = user.updatedAt ?? context.now;
  const entry: SearchEntry = makeSearchEntry({
    ...user,
    identities: [user.identity, ...user.linkedIdentities],
  });
  return {
    users: [
      toCopyLine([
        user.userId,
        user.email,
        user.emailVerified,
        user.username,
        user.phoneNumber,
        user.phoneVerified,
        user.name,
        user.givenName,
        user.familyName,
        user.nickname,
        user.picture,
        toJson(user.userMetadata),
        toJson(user.appMetadata),
        user.isBlocked,
        user.lastLogin,
        user.lastIp,
        user.loginsCount,
        user.lastPasswordReset,
        createdAt,
        updatedAt,
      ]),
    ],
    identities: listIdentityLines(user),
    credentials: hash
      ? [
          toCopyLine([
            user.userId,
            user.identity.connectionId,
            user.identity.userId,
            hash.hash,
            hash.algorithm,
          ]),
        ]
      : [],
    factors: factors.map(({ kind, value }, position) =>
      kind === 'totp'
        ? toCopyLine([user.userId, position, kind, null, toHex(context.encrypt(value, user.userId))])
        : toCopyLine([user.userId, position, kind, value, null]),
    ),
    user_search: [toEntryLine(context.entryId, user.userId, entry, { createdAt, updatedAt })],
    user_search_values: toValueLines(context.entryId, entry),
  };
}

function listIdentityLines(user: PreparedRow['user']): readonly string[] {
  return [user.identity, ...user.linkedIdentities].map((identity, position) =>
    toCopyLine([
      user.userId,
      position,
      identity.connectionId,
      identity.connection,
      identity.provider,
      identity.userId,
      identity.isSocial,
      identity.emailIdentifier,
      identity.usernameIdentifier,
      identity.phoneIdentifier,
      JSON.stringify(identity.profile),
    ]),
  );
}

function toJson(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

/** As PostgreSQL reads a bytea. */
function toHex(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}
