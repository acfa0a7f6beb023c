import { type Connection, findConnectionById } from '../connections/index.ts';
import { appendLogEvent, type LogEvent } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import { violatedConstraint } from '../platform/database/violated-constraint.ts';
import type { Caller, ChangeContext } from '../platform/http/caller.ts';
import { InvalidBodyError } from '../platform/http/errors.ts';
import {
  applyInput,
  assertExpected,
  describeUpdate,
  type Mutable,
  type UpdatedUser,
  type UpdateUserContext,
} from './compose-update.ts';
import { identityProfile } from './compose-user.ts';
import type { UserDependencies } from './dependencies.ts';
import { IdentifierTakenError, UnknownConnectionError, UserNotFoundError } from './errors.ts';
import { normalizeEmail, normalizeUsername, uniqueIdentifiers } from './identifiers.ts';
import { lockUser, lockUserForChange } from './locks-store.ts';
import { describeUserOfEvent } from './log-events.ts';
import { assertMetadataKeys } from './metadata.ts';
import { checkPassword } from './passwords/check-password.ts';
import { currentAlgorithm, hashPassword } from './passwords/hash.ts';
import { type CredentialKey, deletePasswordHash, setPasswordHash } from './passwords/store.ts';
import { assertProfileSize } from './profile-size.ts';
import { findUser } from './store.ts';
import { changesMetadataAlone, updateMetadata } from './update-metadata.ts';
import {
  assertCombination,
  assertEditable,
  assertMayUpdate,
  changesAccess,
  type UpdateUserInput,
} from './update-rules.ts';
import { type Identity, primaryIdentity, type User } from './user.ts';
import { updateIdentity, updateUserRowWithEvent } from './writes-store.ts';

/**
 * Changes a user (spec users-and-search §3, §4, §8). Writers of one user queue on its row; profile, password,
 * message request and log events commit together.
 * @throws UserNotFoundError, PreconditionFailedError, UnownedResourceError, ForbiddenFieldsError,
 *   OperationNotSupportedError, InvalidBodyError, ProtectedAccountError, LastOwnerError, PasswordRefusedError, IdentifierTakenError, ProfileTooLargeError
 */
export async function updateUser(
  dependencies: UserDependencies,
  userId: string,
  input: UpdateUserInput,
  context: UpdateUserContext,
): Promise<UpdatedUser> {
  const { database } = dependencies;
  assertMayUpdate(context.caller, userId, input);
  assertCombination(input);
  assertMetadataKeys('user_metadata', input.user_metadata);
  assertMetadataKeys('app_metadata', input.app_metadata);
  const passwordHash =
    typeof input.password === 'string'
      ? await preparePassword(dependencies, userId, input, input.password)
      : undefined;

  try {
    if (changesMetadataAlone(input)) {
      const updated = await updateMetadata(dependencies, userId, input, context);
      if (updated) return updated;
    }
    return await database
      .transaction()
      .execute((transaction) => writeUpdate(dependencies, transaction, userId, input, passwordHash, context));
  } catch (cause) {
    throw translateConflict(cause);
  }
}

/**
 * Blocks a user, or lifts the block, in a transaction of the caller's: as `updateUser` does.
 * @returns false when there was nothing to change
 * @throws UserNotFoundError, UnownedResourceError, ForbiddenFieldsError, ProtectedAccountError, LastOwnerError
 */
export async function setBlocked(
  dependencies: UserDependencies,
  transaction: Database,
  userId: string,
  blocked: boolean,
  context: ChangeContext,
): Promise<boolean> {
  assertMayUpdate(context.caller, userId, { blocked });
  const stored = await lockUser(transaction, userId);
  if (!stored) throw new UserNotFoundError();
  if ((stored.isBlocked === true) === blocked) return false;
  await writeUpdate(dependencies, transaction, userId, { blocked }, undefined, {
    ...context,
    ifMatch: undefined,
  });
  return true;
}

async function writeUpdate(
  dependencies: UserDependencies,
  transaction: Database,
  userId: string,
  input: UpdateUserInput,
  passwordHash: string | undefined,
  context: UpdateUserContext,
): Promise<UpdatedUser> {
  const { user: stored, changedAt } = assertExpected(await lockUserForChange(transaction, userId), context);
  if (changesAccess(input)) await dependencies.guard.assertMayChange(transaction, context.caller, [userId]);
  if (input.blocked === true) await dependencies.guard.assertMayGo(transaction, [userId]);
  const identity = selectIdentity(stored, input.connection);
  const needsConnection = Object.keys(input).some(
    (field) => !['user_metadata', 'app_metadata', 'blocked'].includes(field),
  );
  const connection = needsConnection ? await getConnection(transaction, identity) : undefined;
  if (connection) assertEditable(input, connection);

  const applied = applyInput(stored, input, identity, connection);
  assertProfileSize(applied, dependencies.config.profileLimit);
  const changed = connection
    ? await writeIdentity(transaction, stored, applied, identity, connection, input)
    : applied;
  if (input.password !== undefined && connection) {
    await writePassword(
      transaction,
      { userId, connectionId: identity.connectionId, providerUserId: identity.userId },
      passwordHash,
      connection,
    );
  }
  const { user, presented, event } = describeUpdate(dependencies, stored, changed, changedAt, context);
  if (!(await updateUserRowWithEvent(transaction, user, event)))
    throw new Error('the update of a locked user touched no row');
  for (const event of describeAccountEvents(stored, user, input, context.caller))
    await appendLogEvent(transaction, event);
  await endAccess(dependencies, transaction, stored, user, input);
  if (input.password !== undefined)
    for (const listener of dependencies.listeners) await listener.passwordChanged?.(transaction, { user });
  if (input.verify_email === true && user.email !== undefined) {
    for (const listener of dependencies.listeners) {
      await listener.emailVerificationRequested?.(transaction, {
        userId,
        email: user.email,
        clientId: input.client_id,
      });
    }
  }
  return { user, presented };
}

/** A block and a new password end everything; other identifiers end sessions (spec authentication §8.1). */
async function endAccess(
  { listeners }: UserDependencies,
  transaction: Database,
  before: User,
  after: User,
  input: UpdateUserInput,
): Promise<void> {
  const endsTokens = (after.isBlocked === true && before.isBlocked !== true) || input.password !== undefined;
  const identifiers = ['email', 'emailVerified', 'phoneNumber', 'username'] as const;
  if (!endsTokens && identifiers.every((name) => before[name] === after[name])) return;
  for (const listener of listeners)
    await listener.accessEnded?.(transaction, { userId: after.userId, endsTokens });
}

/** The identity that `connection` names, or the primary one. */
function selectIdentity(user: User, connectionName: string | undefined): Identity {
  if (connectionName === undefined) return primaryIdentity(user);
  const named = user.identities.find((identity) => identity.connection === connectionName);
  if (!named) throw new InvalidBodyError(`The user has no identity in the connection ${connectionName}.`);
  return named;
}

async function getConnection(database: Database, identity: Identity): Promise<Connection> {
  const connection = await findConnectionById(database, identity.connectionId);
  if (!connection) throw new UnknownConnectionError();
  return connection;
}

/** The policy's verdict and the hash, before the transaction: both cost milliseconds of CPU. */
async function preparePassword(
  { database, config }: Pick<UserDependencies, 'database' | 'config'>,
  userId: string,
  input: UpdateUserInput,
  password: string,
): Promise<string> {
  const user = await findUser(database, userId);
  if (!user) throw new UserNotFoundError();
  const identity = selectIdentity(user, input.connection);
  const connection = await getConnection(database, identity);
  assertEditable(input, connection);
  const key = { userId, connectionId: identity.connectionId, providerUserId: identity.userId };
  await checkPassword(database, password, connection.options.passwordPolicy, user, key);
  return hashPassword(password, config.passwordHashCost);
}

/** @returns the changed user with the identity as it was written */
async function writeIdentity(
  transaction: Database,
  stored: User,
  changed: User,
  identity: Identity,
  connection: Connection,
  input: UpdateUserInput,
): Promise<User> {
  const touched = ['email', 'email_verified', 'username', 'phone_number', 'phone_verified'] as const;
  if (!touched.some((field) => input[field] !== undefined)) return changed;
  const isPrimary = identity === primaryIdentity(stored);
  const known = isPrimary ? changed : applyToSecondary(identity, input, connection);
  const unique = uniqueIdentifiers(known, connection);
  const profile = { ...withoutIdentifiers(identity.profile), ...identityProfile(known) };
  await updateIdentity(transaction, stored.userId, identity, {
    emailIdentifier: unique.emailIdentifier ?? null,
    usernameIdentifier: unique.usernameIdentifier ?? null,
    phoneIdentifier: unique.phoneIdentifier ?? null,
    profile,
  });
  const identities = changed.identities.map((other) => (other === identity ? { ...other, profile } : other));
  return { ...changed, identities };
}

/** A secondary identity's own e-mail, username and phone live in its cached profile alone. */
function applyToSecondary(
  identity: Identity,
  input: UpdateUserInput,
  connection: Connection,
): Partial<Mutable<User>> {
  const text = (key: string) =>
    typeof identity.profile[key] === 'string' ? identity.profile[key] : undefined;
  const email =
    input.email === undefined
      ? text('email')
      : input.email === null
        ? undefined
        : normalizeEmail(input.email, connection);
  const username =
    input.username === undefined
      ? text('username')
      : input.username === null
        ? undefined
        : normalizeUsername(input.username, connection);
  const phoneNumber =
    input.phone_number === undefined ? text('phone_number') : (input.phone_number ?? undefined);
  const keptVerified = input.email === undefined && identity.profile['email_verified'] === true;
  return {
    ...(email === undefined ? {} : { email, emailVerified: input.email_verified ?? keptVerified }),
    ...(username === undefined ? {} : { username }),
    ...(phoneNumber === undefined ? {} : { phoneNumber, phoneVerified: input.phone_verified ?? false }),
  };
}

function withoutIdentifiers(profile: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const identifiers = ['email', 'email_verified', 'username', 'phone_number', 'phone_verified'];
  return Object.fromEntries(Object.entries(profile).filter(([key]) => !identifiers.includes(key)));
}

async function writePassword(
  transaction: Database,
  key: CredentialKey,
  hash: string | undefined,
  connection: Connection,
): Promise<void> {
  if (hash === undefined) return deletePasswordHash(transaction, key);
  const keep = Math.max(0, connection.options.passwordPolicy.historySize - 1);
  return setPasswordHash(transaction, key, { hash, algorithm: currentAlgorithm }, keep);
}

/** The events of the account itself, beside the one of the API call (spec extensions-and-protection §6.3). */
function describeAccountEvents(
  before: User,
  after: User,
  input: UpdateUserInput,
  caller: Caller,
): LogEvent[] {
  const base = {
    ...describeUserOfEvent(after),
    clientId: caller.clientId,
    ip: caller.ip,
    userAgent: caller.userAgent,
  };
  const events: LogEvent[] = [];
  if (before.email !== after.email)
    events.push({
      ...base,
      type: 'sce',
      details: { before: before.email ?? null, after: after.email ?? null },
    });
  if (before.username !== after.username) {
    events.push({
      ...base,
      type: 'scu',
      details: { before: before.username ?? null, after: after.username ?? null },
    });
  }
  if (before.phoneNumber !== after.phoneNumber) {
    events.push({
      ...base,
      type: 'scpn',
      details: { before: before.phoneNumber ?? null, after: after.phoneNumber ?? null },
    });
  }
  if (input.password !== undefined) events.push({ ...base, type: 'scp' });
  return events;
}

function translateConflict(cause: unknown): unknown {
  switch (violatedConstraint(cause)) {
    case 'identities_email_key':
      return new IdentifierTakenError('email', { cause });
    case 'identities_username_key':
      return new IdentifierTakenError('username', { cause });
    case 'identities_phone_key':
      return new IdentifierTakenError('phone_number', { cause });
    default:
      return cause;
  }
}
