import type { Connection } from '../../connections/index.ts';
import { ApiError } from '../../platform/http/errors.ts';
import { composeUser } from '../compose-user.ts';
import { effectiveName, effectiveNickname } from '../effective-names.ts';
import { ProfileTooLargeError } from '../errors.ts';
import { uniqueIdentifiers } from '../identifiers.ts';
import { assertMetadataKeys } from '../metadata.ts';
import { parseImportedHash, type StoredHash } from '../passwords/imported/index.ts';
import { defaultPicture } from '../pictures/default-picture.ts';
import type { Presentation } from '../present-user.ts';
import { assertProfileSize } from '../profile-size.ts';
import type { NewIdentity, NewUser } from '../writes-store.ts';
import { checkAttributes, type ImportedAttributes } from './check-attributes.ts';
import { type Claim, listClaims } from './claims.ts';
import { findHome, type Home } from './home-connection.ts';
import { checkRoleRights, type RoleRights } from './resolve-roles.ts';
import type { RowError } from './row-error.ts';

/** A row that could be inserted as it is, or update the user it matches. */
export interface PreparedRow {
  readonly row: number;
  readonly line: number;
  readonly attributes: ImportedAttributes;
  readonly user: ImportedNewUser;
  /** Whether the row says the id; one that is made here comes never twice. */
  readonly isIdGiven: boolean;
  readonly hash?: StoredHash;
  readonly factors: readonly ImportedFactor[];
  /** The roles that the row names, in its order, once they are resolved; absent where it says nothing of roles. */
  readonly roleIds?: readonly string[];
}

/** A new user with what only an import brings: times, counters, linked identities. */
export interface ImportedNewUser extends NewUser {
  readonly createdAt?: Date;
  readonly updatedAt?: Date;
  readonly linkedIdentities: readonly NewIdentity[];
}

export interface ImportedFactor {
  readonly kind: 'totp' | 'phone' | 'email';
  /** Base32 secret of `totp`, number or address of the others. */
  readonly value: string;
}

export interface PreparationRules extends RoleRights {
  /** Of the import: where rows go that name no other. */
  readonly connection: Connection;
  /** All there are, by name. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** Makes the values that are not kept: exports show them of users who have none of their own. */
  readonly presentation: Presentation;
  /** Bytes, MUSTER_PROFILE_LIMIT. */
  readonly profileLimit: number;
}

export type Preparation =
  | { readonly isValid: true; readonly prepared: PreparedRow }
  | { readonly isValid: false; readonly errors: readonly RowError[] };

type Identities = NonNullable<ImportedAttributes['identities']>;

/** Of connections whose users sign in with passwords that are kept here. */
const databaseStrategy = 'auth0';
/** How much longer a number or a text may get when a row's metadata is written as JSON anew. */
const mostGrowth = 8;

/** Holds one parsed row against schema and connection and makes the record to insert. Pure. */
export function prepareRow(
  place: { readonly row: number; readonly line: number; readonly size: number },
  value: unknown,
  rules: PreparationRules,
): Preparation {
  const checked = checkAttributes(value);
  if (!checked.isValid) return checked;
  const attributes = checked.value;
  const found = findHome(attributes, rules);
  if (!found.isValid) return { isValid: false, errors: [found.error] };
  const { home } = found;
  const errors = [
    ...checkIdentifiers(attributes, home.connection),
    ...checkInstants(attributes),
    ...checkLinked(attributes, rules),
    ...checkRoleRights(attributes, rules),
  ];
  const hash = parseHash(attributes, home.connection, errors);
  if (errors.length > 0) return { isValid: false, errors };
  try {
    assertMetadataKeys('user_metadata', attributes.user_metadata);
    assertMetadataKeys('app_metadata', attributes.app_metadata);
    const user = composeImported(attributes, home, rules);
    const isIdGiven = home.userId !== undefined;
    const twice = user.linkedIdentities.length > 0 ? findTwice(listClaims({ user, isIdGiven })) : undefined;
    if (twice) return { isValid: false, errors: [twice] };
    if (place.size * mostGrowth > rules.profileLimit) assertProfileSize(user, rules.profileLimit);
    return {
      isValid: true,
      prepared: {
        row: place.row,
        line: place.line,
        attributes,
        user,
        isIdGiven,
        ...(hash ? { hash } : {}),
        factors: listFactors(attributes),
      },
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const code = error instanceof ProfileTooLargeError ? 'PROFILE_SIZE_EXCEEDED' : 'NOT_PASSED';
    return { isValid: false, errors: [{ code, message: error.message }] };
  }
}

function* checkIdentifiers(
  attributes: ImportedAttributes,
  { options, strategy }: Connection,
): Generator<RowError> {
  // Providers vouch for their accounts, with an address or without.
  if (strategy !== databaseStrategy) return;
  const missing = (path: string): RowError => ({
    code: 'OBJECT_MISSING_REQUIRED_PROPERTY',
    message: `${path} is missing.`,
    path,
  });
  if (options.requiresEmail && attributes.email === undefined) yield missing('email');
  else if (!attributes.email && !attributes.username && !attributes.phone_number)
    yield { code: 'ANY_OF_MISSING', message: 'One of email, username and phone_number is needed.' };
  if (options.requiresUsername && attributes.username === undefined) yield missing('username');
  if (attributes.username !== undefined && !options.allowsUsername)
    yield {
      code: 'NOT_PASSED',
      message: 'The connection has no usernames (requires_username).',
      path: 'username',
    };
}

/** The format allows leap seconds and the year 0, and an offset leads out of the year 9999: no instants of ours. */
function* checkInstants(attributes: ImportedAttributes): Generator<RowError> {
  for (const path of ['created_at', 'updated_at', 'last_login', 'last_password_reset'] as const) {
    const text = attributes[path];
    if (text === undefined) continue;
    const year = new Date(text).getUTCFullYear();
    if (!(year >= 1 && year <= 9999))
      yield { code: 'FORMAT', message: `${path} is not an instant of the years 1 to 9999.`, path };
  }
}

function* checkLinked(
  { identities = [] }: ImportedAttributes,
  { connections }: PreparationRules,
): Generator<RowError> {
  for (const [index, { connection: name, provider }] of identities.entries()) {
    if (index === 0) continue;
    const path = `identities[${index}]`;
    const connection = connections.get(name);
    if (!connection)
      yield {
        code: 'CONNECTION_NOT_FOUND',
        message: 'There is no connection of this name.',
        path: `${path}.connection`,
      };
    else if (provider !== connection.strategy)
      yield {
        code: 'NOT_PASSED',
        message: `The provider of this connection is ${connection.strategy}.`,
        path: `${path}.provider`,
      };
  }
}

/** What one user cannot have twice either. */
function findTwice(claims: readonly Claim[]): RowError | undefined {
  const keys = new Set<string>();
  for (const { key, path } of claims) {
    if (keys.has(key)) return { code: 'CONFLICT', message: 'Two identities of the row are the same.', path };
    keys.add(key);
  }
  return undefined;
}

function parseHash(
  attributes: ImportedAttributes,
  { strategy }: Connection,
  errors: RowError[],
): StoredHash | undefined {
  const { password_hash: plain, custom_password_hash: custom } = attributes;
  if (plain === undefined && custom === undefined) return undefined;
  if (strategy !== databaseStrategy) {
    const path = plain === undefined ? 'custom_password_hash' : 'password_hash';
    errors.push({ code: 'NOT_PASSED', message: 'Only users of a database have a password.', path });
    return undefined;
  }
  if (plain !== undefined && custom !== undefined) {
    const message = 'Only one of password_hash and custom_password_hash is possible.';
    errors.push({ code: 'NOT_PASSED', message, path: 'custom_password_hash' });
    return undefined;
  }
  const parsed = parseImportedHash(
    plain === undefined ? { custom_password_hash: custom } : { password_hash: plain },
  );
  if (parsed.isValid) return parsed.stored;
  errors.push(...parsed.problems);
  return undefined;
}

function composeImported(
  attributes: ImportedAttributes,
  { connection, userId }: Home,
  { connections, presentation }: PreparationRules,
): ImportedNewUser {
  const user = withoutDefaults(composeUser({ ...attributes, user_id: userId }, connection), presentation);
  const instant = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
  const optional = {
    createdAt: instant(attributes.created_at),
    updatedAt: instant(attributes.updated_at),
    lastLogin: instant(attributes.last_login),
    lastPasswordReset: instant(attributes.last_password_reset),
    lastIp: attributes.last_ip,
    loginsCount: attributes.logins_count,
    // A user that was created with nothing in it has none; one that was emptied shows an empty object.
    userMetadata: isEmpty(attributes.user_metadata) ? {} : undefined,
    appMetadata: isEmpty(attributes.app_metadata) ? {} : undefined,
  };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  const [own, ...linked] = attributes.identities ?? [];
  const profile = own?.profileData;
  return {
    ...user,
    ...given,
    identity: {
      ...user.identity,
      isSocial: connection.isSocial,
      ...(profile ? { profile } : {}),
    },
    linkedIdentities: linked.map((identity) => composeLinked(identity, connections.get(identity.connection))),
  };
}

function composeLinked(
  { connection: name, user_id: userId, profileData: profile = {} }: Identities[number],
  connection: Connection | undefined,
): NewIdentity {
  if (!connection) throw new Error(`the connection ${name} was not looked for`);
  const text = (key: string) => {
    const value = profile[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [email, username, phoneNumber] = [text('email'), text('username'), text('phone_number')];
  return {
    connectionId: connection.id,
    connection: name,
    provider: connection.strategy,
    userId,
    isSocial: connection.isSocial,
    profile,
    // An account of a database goes on being known by its address.
    ...uniqueIdentifiers(
      {
        ...(email === undefined ? {} : { email }),
        ...(username === undefined ? {} : { username }),
        ...(phoneNumber === undefined ? {} : { phoneNumber }),
      },
      connection,
    ),
  };
}

/** A name, nickname or picture that the user would be shown with anyway is not one of their own. */
function withoutDefaults(user: NewUser, presentation: Presentation): NewUser {
  const { name, nickname, picture, ...rest } = user;
  const kept: NewUser = {
    ...rest,
    ...(name === undefined || name === effectiveName(rest) ? {} : { name }),
  };
  return {
    ...kept,
    ...(nickname === undefined || nickname === effectiveNickname(rest) ? {} : { nickname }),
    ...(picture === undefined || picture === defaultPicture(kept, presentation) ? {} : { picture }),
  };
}

function isEmpty(metadata: Readonly<Record<string, unknown>> | undefined): boolean {
  return metadata !== undefined && Object.keys(metadata).length === 0;
}

function listFactors({ mfa_factors: factors = [] }: ImportedAttributes): ImportedFactor[] {
  return factors.flatMap(({ totp, phone, email }): ImportedFactor[] => [
    ...(totp ? [{ kind: 'totp' as const, value: totp.secret }] : []),
    ...(phone ? [{ kind: 'phone' as const, value: phone.value }] : []),
    ...(email ? [{ kind: 'email' as const, value: email.value }] : []),
  ]);
}
