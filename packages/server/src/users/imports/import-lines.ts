import { type CopyValue, toCopyLine } from '../../platform/database/bulk-connection.ts';
import { CopyLines } from '../../platform/database/copy-lines.ts';
import {
  copiedEntryColumns,
  makeSearchEntry,
  type SearchEntry,
  toEntryLine,
  toValueLines,
} from '../search/index.ts';
import type { NewIdentity } from '../writes-store.ts';
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

/** The lines of users in each table; one record is one user. */
export type UserLines = Readonly<Record<keyof typeof copiedTables, CopyLines>>;

export function createUserLines(): UserLines {
  return {
    users: new CopyLines(),
    identities: new CopyLines(),
    credentials: new CopyLines(),
    factors: new CopyLines(),
    user_search: new CopyLines(),
    user_search_values: new CopyLines(),
  };
}

export interface LineContext {
  /** What users have that the file gives no time. */
  readonly now: Date;
  /** Id of the search entry, from the table's sequence. */
  readonly entryId: number;
  readonly encrypt: (secret: string, userId: string) => Buffer;
}

/** Adds the lines that insert a prepared row. */
export function addUserLines(
  lines: UserLines,
  { user, hash, factors, roleIds }: PreparedRow,
  context: LineContext,
): void {
  const createdAt = user.createdAt ?? context.now;
  const updatedAt = user.updatedAt ?? context.now;
  const identities = [user.identity, ...user.linkedIdentities];
  const entry: SearchEntry = makeSearchEntry({ ...user, identities });
  const { userId } = user;
  lines.users.add(
    toLine([
      userId,
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
  );
  lines.identities.add(toIdentityLines(userId, identities));
  lines.credentials.add(
    hash ? toLine([userId, user.identity.connectionId, user.identity.userId, hash.hash, hash.algorithm]) : '',
  );
  let factorLines = '';
  for (const [position, { kind, value }] of factors.entries())
    factorLines +=
      kind === 'totp'
        ? toLine([userId, position, kind, null, toHex(context.encrypt(value, userId))])
        : toLine([userId, position, kind, value, null]);
  lines.factors.add(factorLines);
  const entryLine = toEntryLine(context.entryId, userId, entry, { createdAt, updatedAt, roleIds });
  lines.user_search.add(`${entryLine}\n`);
  let valueLines = '';
  for (const line of toValueLines(context.entryId, entry)) valueLines += `${line}\n`;
  lines.user_search_values.add(valueLines);
}

function toIdentityLines(userId: string, identities: readonly NewIdentity[]): string {
  let lines = '';
  for (const [position, identity] of identities.entries())
    lines += toLine([
      userId,
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
    ]);
  return lines;
}

function toLine(values: readonly CopyValue[]): string {
  return `${toCopyLine(values)}\n`;
}

function toJson(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

/** As PostgreSQL reads a bytea. */
function toHex(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}
