import type { Database } from '../../platform/database/database.ts';
import {
  findHandledIdentifiers,
  findKnownIdentities,
  findTakenAccounts,
  findTakenUserIds,
  hashIdentifier,
  type KnownIdentity,
} from './imports-store.ts';
import type { PreparedRow } from './prepare-row.ts';
import type { RowError } from './row-error.ts';

export interface ClassificationRules {
  readonly jobId: string;
  readonly connectionId: string;
  readonly isUpsert: boolean;
  /** Whether earlier batches left the hashes of their identifiers, because nothing else would show a repeat. */
  readonly remembersIdentifiers: boolean;
  /** By name; connections that do not exist are missing. */
  readonly connectionIds: ReadonlyMap<string, string>;
}

/** What is to be done with a row, by what is in the directory and what the file had before. */
export type Intention =
  | { readonly kind: 'insert' }
  | { readonly kind: 'update'; readonly userId: string; readonly providerUserId: string }
  | { readonly kind: 'fail'; readonly error: RowError };

/**
 * Decides about rows in the order of the file (spec users-and-search §9.4): only the address matches; what else is
 * taken is a conflict; of two rows for one person the first one counts.
 */
export async function classifyRows(
  database: Database,
  rows: readonly PreparedRow[],
  rules: ClassificationRules,
): Promise<Intention[]> {
  const identities = rows.map(({ user }) => user.identity);
  const known = await findKnownIdentities(database, rules.connectionId, {
    emails: identities.flatMap(({ emailIdentifier }) => emailIdentifier ?? []),
    usernames: identities.flatMap(({ usernameIdentifier }) => usernameIdentifier ?? []),
    phones: identities.flatMap(({ phoneIdentifier }) => phoneIdentifier ?? []),
    // Generated ids are new; only those of the file can be taken.
    providerUserIds: rows.flatMap(({ attributes, user }) =>
      attributes.user_id === undefined ? [] : [user.identity.userId],
    ),
  });
  const given = rows.flatMap(({ attributes, user }) =>
    attributes.user_id === undefined ? [] : [user.userId],
  );
  const takenUserIds = await findTakenUserIds(database, given);
  const takenAccounts = await findTakenAccounts(
    database,
    rows.flatMap(({ user }) =>
      user.linkedIdentities.flatMap(({ connection, userId }) => {
        const connectionId = rules.connectionIds.get(connection);
        return connectionId === undefined ? [] : [{ connectionId, providerUserId: userId }];
      }),
    ),
  );
  const handled = rules.remembersIdentifiers
    ? await findHandledIdentifiers(database, rules.jobId, rows.flatMap(listIdentifiers).map(hashIdentifier))
    : new Set<string>();
  const index = indexIdentities(known);
  const seen = new Set<string>();
  return rows.map((row) => {
    const repeat = findRepeat(row, seen, handled);
    if (repeat) return { kind: 'fail', error: repeat };
    const intention = decide(row, index, takenUserIds, takenAccounts, rules);
    if (intention.kind !== 'fail') for (const identifier of listIdentifiers(row)) seen.add(identifier);
    return intention;
  });
}

interface IdentityIndex {
  readonly byEmail: ReadonlyMap<string, KnownIdentity>;
  readonly usernames: ReadonlySet<string>;
  readonly phones: ReadonlySet<string>;
  readonly providerUserIds: ReadonlySet<string>;
}

function indexIdentities(known: readonly KnownIdentity[]): IdentityIndex {
  return {
    byEmail: new Map(known.flatMap((one) => (one.email === undefined ? [] : [[one.email, one]]))),
    usernames: new Set(known.flatMap((one) => one.username ?? [])),
    phones: new Set(known.flatMap((one) => one.phone ?? [])),
    providerUserIds: new Set(known.map((one) => one.providerUserId)),
  };
}

/** Everything that tells the person of a row from others; generated ids never come twice. */
export function listIdentifiers({ attributes, user }: PreparedRow): string[] {
  const { emailIdentifier, usernameIdentifier, phoneIdentifier, userId } = user.identity;
  return [
    ...(emailIdentifier === undefined ? [] : [`email\n${emailIdentifier}`]),
    ...(usernameIdentifier === undefined ? [] : [`username\n${usernameIdentifier}`]),
    ...(phoneIdentifier === undefined ? [] : [`phone\n${phoneIdentifier}`]),
    ...(attributes.user_id === undefined ? [] : [`id\n${userId}`]),
  ];
}

function findRepeat(
  row: PreparedRow,
  seen: ReadonlySet<string>,
  handled: ReadonlySet<string>,
): RowError | undefined {
  const isRepeat = listIdentifiers(row).some(
    (identifier) => seen.has(identifier) || (handled.size > 0 && handled.has(hashIdentifier(identifier))),
  );
  if (!isRepeat) return undefined;
  return {
    code: 'DUPLICATED_USER',
    message: 'An earlier row of this file has the same email, username, phone_number or user_id.',
  };
}

function decide(
  { attributes, user }: PreparedRow,
  index: IdentityIndex,
  takenUserIds: ReadonlySet<string>,
  takenAccounts: ReadonlySet<string>,
  rules: ClassificationRules,
): Intention {
  const fail = (code: RowError['code'], message: string, path?: string): Intention => ({
    kind: 'fail',
    error: { code, message, ...(path === undefined ? {} : { path }) },
  });
  const { emailIdentifier, usernameIdentifier, phoneIdentifier, userId } = user.identity;
  const match = emailIdentifier === undefined ? undefined : index.byEmail.get(emailIdentifier);
  if (match && !rules.isUpsert)
    return fail('DUPLICATED_USER', 'The user already exist and upsert parameter is false');
  if (match && match.position > 0)
    return fail(
      'CONFLICT_EMAIL',
      `The address belongs to an identity that is linked to ${match.userId}.`,
      'email',
    );
  if (match) return { kind: 'update', userId: match.userId, providerUserId: match.providerUserId };
  if (usernameIdentifier !== undefined && index.usernames.has(usernameIdentifier))
    return fail('CONFLICT_USERNAME', 'The username is taken by another user.', 'username');
  if (phoneIdentifier !== undefined && index.phones.has(phoneIdentifier))
    return fail('CONFLICT', 'The phone number is taken by another user.', 'phone_number');
  if (
    attributes.user_id !== undefined &&
    (index.providerUserIds.has(userId) || takenUserIds.has(user.userId))
  )
    return fail('CONFLICT', 'The user_id is taken by another user.', 'user_id');
  for (const [position, linked] of user.linkedIdentities.entries()) {
    const path = `identities[${position + 1}]`;
    const connectionId = rules.connectionIds.get(linked.connection);
    if (connectionId === undefined)
      return fail('CONNECTION_NOT_FOUND', 'There is no connection of this name.', `${path}.connection`);
    if (takenAccounts.has(`${connectionId} ${linked.userId}`))
      return fail('CONFLICT', 'The linked identity belongs to another user.', path);
  }
  return { kind: 'insert' };
}
