import { effectiveName, effectiveNickname } from '../effective-names.ts';
import { type Identity, primaryIdentity, type User } from '../user.ts';
import { type KnownPath, termAt } from './known-path.ts';
import { listScalars, type Scalar } from './scalars.ts';
import { cutText, encodeNumber, existenceTerm, typeCode, valueTerm } from './search-key.ts';

/** The text of a boolean's term where the user has none. */
export const absent = 'absent';

/** The form of the entries. Raise it with any change of what is written: all entries are then made anew. */
export const searchEntryVersion = 2;

/**
 * Columns that few users of a directory or of a connection may have anything in. That they have is a term as well: two lists
 * of terms are held against each other many times faster than a list and a B-tree. What a sign-in writes is not among them.
 */
export const termedColumns = [
  'email',
  'given_name',
  'family_name',
  'username',
  'phone_number',
] as const satisfies readonly (keyof SearchColumns)[];

/** What the index keeps of a user; the columns are those of `user_search`. */
export interface SearchEntry {
  readonly columns: SearchColumns;
  /** Hashes of whole values and existing paths, each once. */
  readonly terms: readonly string[];
  /** One key for each scalar in metadata, each once. */
  readonly keys: readonly string[];
}

export interface SearchColumns {
  readonly email: string | null;
  readonly name: string | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly nickname: string | null;
  readonly username: string | null;
  readonly phone_number: string | null;
  readonly last_ip: string | null;
  /** Of the primary identity. */
  readonly connection: string;
  readonly logins_count: number | null;
  readonly last_login: Date | null;
  readonly identities_count: number;
}

/** What an entry is made of: a user without what the database fills in itself. */
export type IndexedUser = Omit<User, 'createdAt' | 'updatedAt' | 'version'>;

/** The columns that a sign-in writes; all else of an entry stays as it is. */
export function signInColumns(
  user: IndexedUser,
): Pick<SearchColumns, 'last_ip' | 'logins_count' | 'last_login'> {
  return {
    last_ip: keep(user.lastIp),
    logins_count: user.loginsCount ?? null,
    last_login: user.lastLogin ?? null,
  };
}

/** Makes the index entry of a user: what is searched is what callers are shown. */
export function makeSearchEntry(user: IndexedUser): SearchEntry {
  const terms = new Set<string>();
  const keys = new Set<string>();
  const columns: SearchColumns = {
    email: fold(user.email),
    name: fold(effectiveName(user)),
    given_name: fold(user.givenName),
    family_name: fold(user.familyName),
    nickname: fold(effectiveNickname(user)),
    username: keep(user.username),
    phone_number: keep(user.phoneNumber),
    connection: primaryIdentity(user).connection,
    ...signInColumns(user),
    identities_count: user.identities.length,
  };
  addRootTerms(terms, user, columns);
  addIdentityTerms(terms, keys, user.identities);
  addOpenField(terms, keys, 'user_metadata', user.userMetadata);
  addOpenField(terms, keys, 'app_metadata', user.appMetadata);
  return { columns, terms: [...terms], keys: [...keys] };
}

function addRootTerms(terms: Set<string>, user: IndexedUser, columns: SearchColumns): void {
  const add = (path: string, value: string | boolean | undefined) => {
    if (value !== undefined) terms.add(valueTerm(path, String(value)));
  };
  // Absence is a term too, so that everybody but `true` can be looked for and counted.
  add('email_verified', user.emailVerified ?? absent);
  add('phone_verified', user.phoneVerified ?? absent);
  add('blocked', user.isBlocked ?? absent);
  const organization = user.attributes?.['organization_id'];
  if (typeof organization === 'string') {
    add('organization_id', organization);
    terms.add(existenceTerm('organization_id'));
  }
  if (columns.email !== null) add('email.domain', columns.email.slice(columns.email.lastIndexOf('@') + 1));
  for (const column of termedColumns) if (columns[column] !== null) terms.add(existenceTerm(column));
}

/** Cached profiles count where they are shown: once a second identity is linked. */
function addIdentityTerms(terms: Set<string>, keys: Set<string>, identities: readonly Identity[]): void {
  const profiles: Record<string, unknown>[] = [];
  for (const identity of identities) {
    terms.add(valueTerm('identities.connection', identity.connection));
    terms.add(valueTerm('identities.provider', identity.provider));
    terms.add(valueTerm('identities.isSocial', String(identity.isSocial)));
    if (identities.length > 1) profiles.push(identity.profile);
  }
  addOpenField(terms, keys, 'identities.profileData', profiles);
}

function addOpenField(terms: Set<string>, keys: Set<string>, root: string, content: unknown): void {
  const scalars = listScalars(root, content);
  const byPath = new Map<KnownPath, Scalar | Scalar[]>();
  for (const { path, value } of scalars) {
    const others = byPath.get(path);
    if (others === undefined) byPath.set(path, value);
    else if (Array.isArray(others)) others.push(value);
    else byPath.set(path, [others, value]);
    terms.add(termAt(path, String(value)));
  }
  for (const [path, values] of byPath) {
    for (const term of path.existenceTerms) terms.add(term);
    if (Array.isArray(values)) addKeys(keys, path, values);
    else keys.add(path.code + encodeScalar(values));
  }
}

/** The smallest of several values carries the path's own code, which is what a user is sorted by. */
function addKeys(keys: Set<string>, { code, furtherCode }: KnownPath, values: readonly Scalar[]): void {
  const tails = [...new Set(values.map(encodeScalar))];
  tails.sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  for (const [index, tail] of tails.entries()) keys.add((index > 0 ? furtherCode : code) + tail);
}

function encodeScalar(value: Scalar): string {
  switch (typeof value) {
    case 'number':
      return typeCode.number + encodeNumber(value);
    case 'boolean':
      return typeCode.boolean + (value ? 't' : 'f');
    default:
      return typeCode.string + cutText(value);
  }
}

function keep(text: string | undefined): string | null {
  return text === undefined ? null : cutText(text);
}

function fold(text: string | undefined): string | null {
  return text === undefined ? null : cutText(text.toLowerCase());
}
