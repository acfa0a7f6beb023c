import type { Database } from '../../platform/database/database.ts';
import { type Claim, conflicts, listClaims, toClaimKey } from './claims.ts';
import {
  findHandledIdentifiers,
  findKnownIdentities,
  findTakenUserIds,
  hashIdentifier,
  type KnownIdentity,
} from './imports-store.ts';
import type { PreparedRow } from './prepare-row.ts';
import type { RowError } from './row-error.ts';

export interface ClassificationRules {
  readonly jobId: string;
  readonly isUpsert: boolean;
  /** Whether earlier batches left the hashes of their identifiers, because nothing else would show a repeat. */
  readonly remembersIdentifiers: boolean;
}

/** What is to be done with a row, by what is in the directory and what the file had before. */
export type Intention =
  | { readonly kind: 'insert' }
  | { readonly kind: 'update'; readonly userId: string; readonly providerUserId: string }
  | { readonly kind: 'fail'; readonly error: RowError };

/**
 * Decides about rows in the order of the file (spec users-and-search §9.4): only the address matches, or the account
 * where its provider vouches for it; what else is taken is a conflict; of two rows for one person the first one counts.
 * @param taken claims of rows before these that are not committed yet
 * @returns also the claims of these rows, as far as they do not fail
 */
export async function classifyRows(
  database: Database,
  rows: readonly PreparedRow[],
  rules: ClassificationRules,
  taken: ReadonlySet<string> = new Set(),
): Promise<{ readonly intentions: Intention[]; readonly claims: ReadonlySet<string> }> {
  const claimed = rows.map((row) => ({ row, claims: listClaims(row) }));
  const claims = claimed.flatMap((one) => one.claims);
  const owners = await findOwners(database, claims);
  const handled = rules.remembersIdentifiers
    ? await findHandledIdentifiers(
        database,
        rules.jobId,
        claims.map(({ key }) => hashIdentifier(key)),
      )
    : new Set<string>();
  const seen = new Set<string>();
  const intentions = claimed.map((one): Intention => {
    const repeat = one.claims.find(
      ({ key }) => seen.has(key) || taken.has(key) || (handled.size > 0 && handled.has(hashIdentifier(key))),
    );
    if (repeat) return { kind: 'fail', error: describeRepeat(repeat) };
    const intention = decide(one.row, one.claims, owners, rules);
    if (intention.kind !== 'fail') for (const { key } of one.claims) seen.add(key);
    return intention;
  });
  return { intentions, claims: seen };
}

type Owner = Pick<KnownIdentity, 'userId' | 'position' | 'providerUserId'>;

/** Who has what is claimed, by the keys of the claims. */
async function findOwners(database: Database, claims: readonly Claim[]): Promise<ReadonlyMap<string, Owner>> {
  const owners = new Map<string, Owner>();
  const valuesOf = (group: readonly Claim[], kind: Claim['kind']) =>
    group.flatMap((claim) => (claim.kind === kind ? claim.value : []));
  for (const [connectionId, group] of Map.groupBy(claims, (claim) => claim.connectionId)) {
    if (connectionId === '') {
      for (const userId of await findTakenUserIds(database, valuesOf(group, 'user')))
        owners.set(toClaimKey('', 'user', userId), { userId, position: 0, providerUserId: userId });
      continue;
    }
    const known = await findKnownIdentities(database, connectionId, {
      emails: valuesOf(group, 'email'),
      usernames: valuesOf(group, 'username'),
      phones: valuesOf(group, 'phone'),
      providerUserIds: valuesOf(group, 'account'),
    });
    for (const identity of known) {
      const { email, username, phone, providerUserId } = identity;
      if (email !== undefined) owners.set(toClaimKey(connectionId, 'email', email), identity);
      if (username !== undefined) owners.set(toClaimKey(connectionId, 'username', username), identity);
      if (phone !== undefined) owners.set(toClaimKey(connectionId, 'phone', phone), identity);
      owners.set(toClaimKey(connectionId, 'account', providerUserId), identity);
    }
  }
  return owners;
}

function describeRepeat({ kind, path }: Claim): RowError {
  return {
    code: 'DUPLICATED_USER',
    message: 'An earlier row of this file has the same email, username, phone_number, user_id or account.',
    // The reference tells no path; of a linked account nobody would find it.
    ...(kind === 'account' && path !== 'user_id' ? { path } : {}),
  };
}

/** The claim that says whether the row is of a user who is there. */
function findMatching({ user }: PreparedRow, claims: readonly Claim[]): Claim | undefined {
  const own = claims.filter(({ connectionId }) => connectionId === user.identity.connectionId);
  const byEmail = own.find(({ path }) => path === 'email');
  if (byEmail || user.identity.provider === 'auth0') return byEmail;
  return own.find(({ kind, path }) => kind === 'account' && path === 'user_id');
}

function decide(
  row: PreparedRow,
  claims: readonly Claim[],
  owners: ReadonlyMap<string, Owner>,
  rules: ClassificationRules,
): Intention {
  const fail = (error: RowError): Intention => ({ kind: 'fail', error });
  const matching = findMatching(row, claims);
  const match = matching && owners.get(matching.key);
  if (matching && match) {
    if (!rules.isUpsert)
      return fail({
        code: 'DUPLICATED_USER',
        message: 'The user already exist and upsert parameter is false',
      });
    if (match.position > 0)
      return fail({
        code: conflicts[matching.kind].code,
        message: `It belongs to an identity that is linked to ${match.userId}.`,
        path: matching.path,
      });
    return { kind: 'update', userId: match.userId, providerUserId: match.providerUserId };
  }
  const taken = claims.find(({ key }) => owners.has(key));
  if (taken) return fail({ ...conflicts[taken.kind], path: taken.path });
  return { kind: 'insert' };
}
