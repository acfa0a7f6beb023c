import { isDeepStrictEqual } from 'node:util';
import type { LogEvent } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { AccountGuard } from '../account-guard.ts';
import { lockUsers } from '../locks-store.ts';
import { mergeMetadata } from '../metadata.ts';
import { currentAlgorithm } from '../passwords/hash.ts';
import { indexRoles, makeSearchEntry, upsertEntries } from '../search/index.ts';
import type { Metadata, User } from '../user.ts';
import type { ImportedAttributes } from './check-attributes.ts';
import type { ImportedRoles } from './imported-roles.ts';
import {
  type CredentialPlace,
  findCredentials,
  updateImportedUsers,
  upsertCredentials,
} from './imports-store.ts';
import type { PreparedRow } from './prepare-row.ts';
import { type RoleRights, removalRefused } from './resolve-roles.ts';
import type { RowError } from './row-error.ts';

export interface MatchedRow {
  readonly prepared: PreparedRow;
  readonly userId: string;
  readonly providerUserId: string;
}

export type UpdateResult =
  | { readonly fate: 'updated' | 'unchanged'; readonly ignored: readonly string[] }
  | { readonly fate: 'failed'; readonly error: RowError };

export interface UpdateRules extends RoleRights {
  readonly mergesMetadata: boolean;
  /** Only tells what would happen. */
  readonly isDryRun: boolean;
  readonly guard: Pick<AccountGuard, 'listAdministrators'>;
  readonly roles: ImportedRoles;
  /** What the events of changed roles have in common. */
  readonly event: LogEvent;
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
 * Updates users by the rows that match them, each user once. Metadata is replaced, or merged at its first level; roles are those of
 * the row, where it has any or an empty list.
 * @returns by user_id; users that were deleted meanwhile are missing
 */
export async function updateMatched(
  transaction: Database,
  rows: readonly MatchedRow[],
  rules: UpdateRules,
): Promise<ReadonlyMap<string, UpdateResult>> {
  if (rows.length === 0) return new Map();
  const byUserId = new Map(rows.map((row) => [row.userId, row]));
  const stored = await lockUsers(transaction, [...byUserId.keys()]);
  const administrators = await rules.guard.listAdministrators(transaction, [...byUserId.keys()]);
  const withHash = rows.filter(({ prepared }) => prepared.attributes.custom_password_hash !== undefined);
  const credentials = await findCredentials(
    transaction,
    withHash.map(({ userId, prepared }) => ({
      userId,
      connectionId: prepared.user.identity.connectionId,
    })),
  );
  const withRoles = rows.filter(({ prepared }) => prepared.roleIds !== undefined);
  const rolesOf =
    withRoles.length > 0
      ? await rules.roles.listIds(
          transaction,
          withRoles.map(({ userId }) => userId),
        )
      : new Map<string, readonly string[]>();
  const results = new Map<string, UpdateResult>();
  const changedUsers: User[] = [];
  const changedRoles: { userId: string; user: User; roleIds: readonly string[] }[] = [];
  const changedHashes: (CredentialPlace & { providerUserId: string; hash: string; algorithm: string })[] = [];
  for (const user of stored) {
    const row = byUserId.get(user.userId);
    if (!row) continue;
    const { hash, roleIds } = row.prepared;
    const roleChange = roleIds && compareRoles(rolesOf.get(user.userId) ?? [], roleIds);
    if (roleChange?.takesSome && !rules.mayRemoveRoles) {
      results.set(user.userId, { fate: 'failed', error: removalRefused });
      continue;
    }
    if (roleIds && roleChange?.isChange) changedRoles.push({ userId: user.userId, user, roleIds });
    const isGuarded = administrators.has(user.userId);
    const attributes = isGuarded ? withoutAccess(row.prepared.attributes) : row.prepared.attributes;
    const ignored: string[] = [
      ...insertedOnly.filter((name) => differs(row.prepared.attributes, name, user)),
      ...(isGuarded ? accessAttributes.filter((name) => row.prepared.attributes[name] !== undefined) : []),
    ];
    const next = applyAttributes(user, { ...row.prepared, attributes }, rules.mergesMetadata);
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
    const isUpdated = isChanged || isHashChanged || roleChange?.isChange === true;
    results.set(user.userId, { fate: isUpdated ? 'updated' : 'unchanged', ignored });
  }
  if (!rules.isDryRun) {
    // Entries are written from what is stored of roles.
    if (changedRoles.length > 0) await rules.roles.replace(transaction, changedRoles, rules.event);
    await updateImportedUsers(transaction, changedUsers);
    await upsertEntries(
      transaction,
      changedUsers.map((user) => ({ userId: user.userId, ...makeSearchEntry(user) })),
    );
    const written = new Set(changedUsers.map(({ userId }) => userId));
    const onlyRoles = changedRoles.flatMap(({ userId }) => (written.has(userId) ? [] : userId));
    if (onlyRoles.length > 0) await indexRoles(transaction, onlyRoles);
    await upsertCredentials(transaction, changedHashes);
  }
  return results;
}

function compareRoles(
  current: readonly string[],
  wanted: readonly string[],
): { readonly takesSome: boolean; readonly isChange: boolean } {
  const [has, shouldHave] = [new Set(current), new Set(wanted)];
  const takesSome = !has.isSubsetOf(shouldHave);
  return { takesSome, isChange: takesSome || !shouldHave.isSubsetOf(has) };
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
