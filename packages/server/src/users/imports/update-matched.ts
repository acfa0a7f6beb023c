import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../../platform/database/database.ts';
import type { AccountGuard } from '../account-guard.ts';
import { lockUsers } from '../locks-store.ts';
import { mergeMetadata } from '../metadata.ts';
import { currentAlgorithm } from '../passwords/hash.ts';
import { makeSearchEntry, upsertEntries } from '../search/index.ts';
import type { Metadata, User } from '../user.ts';
import type { ImportedAttributes } from './check-attributes.ts';
import {
  type CredentialPlace,
  findCredentials,
  updateImportedUsers,
  upsertCredentials,
} from './imports-store.ts';
import type { PreparedRow } from './prepare-row.ts';

export interface MatchedRow {
  readonly prepared: PreparedRow;
  readonly userId: string;
  readonly providerUserId: string;
}

export interface UpdateResult {
  readonly fate: 'updated' | 'unchanged';
  readonly ignored: readonly string[];
}

/** Attributes that only an insert takes (spec users-and-search §9.2). */
const insertedOnly = [
  'user_id',
  'username',
  'blocked',
  'phone_number',
  'phone_verified',
  'mfa_factors',
  'password_hash',
] as const satisfies readonly (keyof ImportedAttributes)[];

/**
 * Updates users by the rows that match them, each user once. Metadata is replaced, or merged at its first level.
 * @param options.writes false: only tells what would happen
 * @returns by user_id; users that were deleted meanwhile are missing
 */
export async function updateMatched(
  transaction: Database,
  rows: readonly MatchedRow[],
  options: {
    mergesMetadata: boolean;
    writes: boolean;
    guard: Pick<AccountGuard, 'listAdministrators'>;
  },
): Promise<ReadonlyMap<string, UpdateResult>> {
  if (rows.length === 0) return new Map();
  const byUserId = new Map(rows.map((row) => [row.userId, row]));
  const stored = await lockUsers(transaction, [...byUserId.keys()]);
  const administrators = await options.guard.listAdministrators(transaction, [...byUserId.keys()]);
  const withHash = rows.filter(({ prepared }) => prepared.attributes.custom_password_hash !== undefined);
  const credentials = await findCredentials(
    transaction,
    withHash.map(({ userId, prepared }) => ({
      userId,
      connectionId: prepared.user.identity.connectionId,
    })),
  );
  const results = new Map<string, UpdateResult>();
  const changedUsers: User[] = [];
  const changedHashes: (CredentialPlace & { providerUserId: string; hash: string; algorithm: string })[] = [];
  for (const user of stored) {
    const row = byUserId.get(user.userId);
    if (!row) continue;
    const { hash } = row.prepared;
    const isGuarded = administrators.has(user.userId);
    const attributes = isGuarded ? withoutAccess(row.prepared.attributes) : row.prepared.attributes;
    const ignored: string[] = [
      ...insertedOnly.filter((name) => differs(row.prepared.attributes, name, user)),
      ...(isGuarded ? accessAttributes.filter((name) => row.prepared.attributes[name] !== undefined) : []),
    ];
    const next = applyAttributes(user, { ...row.prepared, attributes }, options.mergesMetadata);
    const isChanged = !isDeepStrictEqual(next, user);
    if (isChanged) changedUsers.push(next);
    const credential = credentials.get(user.userId);
    let isHashChanged = false;
    if (attributes.custom_password_hash !== undefined && hash) {
      if (credential?.algorithm === currentAlgorithm) ignored.push('custom_password_hash');
      else if (credential?.hash !== hash.hash || credential?.algorithm !== hash.algorithm) {
        isHashChanged = true;
        const { connectionId } = row.prepared.user.identity;
        changedHashes.push({
          userId: user.userId,
          connectionId,
          providerUserId: row.providerUserId,
          ...hash,
        });
      }
    }
    results.set(user.userId, { fate: isChanged || isHashChanged ? 'updated' : 'unchanged', ignored });
  }
  if (options.writes) {
    await updateImportedUsers(transaction, changedUsers);
    await upsertEntries(
      transaction,
      changedUsers.map((user) => ({ userId: user.userId, ...makeSearchEntry(user) })),
    );
    await upsertCredentials(transaction, changedHashes);
  }
  return results;
}

/** What an update takes of how a user signs in. */
const accessAttributes = ['email_verified', 'custom_password_hash'] as const;

function withoutAccess({
  email_verified: _verified,
  custom_password_hash: _hash,
  ...others
}: ImportedAttributes): ImportedAttributes {
  return others;
}

function differs(attributes: ImportedAttributes, name: (typeof insertedOnly)[number], user: User): boolean {
  switch (name) {
    case 'user_id':
      return attributes.user_id !== undefined && !`|${user.userId}`.endsWith(`|${attributes.user_id}`);
    case 'username':
      return attributes.username !== undefined && attributes.username.toLowerCase() !== user.username;
    case 'blocked':
      return attributes.blocked !== undefined && attributes.blocked !== (user.isBlocked ?? false);
    case 'phone_number':
      return attributes.phone_number !== undefined && attributes.phone_number !== user.phoneNumber;
    case 'phone_verified':
      return attributes.phone_verified !== undefined && attributes.phone_verified !== user.phoneVerified;
    default:
      return attributes[name] !== undefined;
  }
}

function applyAttributes(user: User, { attributes, user: inserted }: PreparedRow, merges: boolean): User {
  const next: { -readonly [Key in keyof User]: User[Key] } = { ...user };
  // What the user would be shown with anyway stays unset: it follows the address.
  const keeps = (name: 'name' | 'nickname' | 'picture') =>
    inserted[name] === undefined && user[name] === undefined;
  if (attributes.email_verified !== undefined) next.emailVerified = attributes.email_verified;
  if (attributes.name !== undefined && !keeps('name')) next.name = attributes.name;
  if (attributes.given_name !== undefined) next.givenName = attributes.given_name;
  if (attributes.family_name !== undefined) next.familyName = attributes.family_name;
  if (attributes.nickname !== undefined && !keeps('nickname')) next.nickname = attributes.nickname;
  if (attributes.picture !== undefined && !keeps('picture')) next.picture = attributes.picture;
  const userMetadata = applyMetadata(user.userMetadata, attributes.user_metadata, merges);
  const appMetadata = applyMetadata(user.appMetadata, attributes.app_metadata, merges);
  if (userMetadata) next.userMetadata = userMetadata;
  if (appMetadata) next.appMetadata = appMetadata;
  return next;
}

function applyMetadata(
  stored: Metadata | undefined,
  sent: Metadata | undefined,
  merges: boolean,
): Metadata | undefined {
  if (sent === undefined) return stored;
  return merges ? mergeMetadata(stored, sent) : sent;
}
