import type { BodyOf, updateUser as updateUserOperation } from '@muster/contract';
import type { Connection } from '../connections/index.ts';
import type { Caller } from '../platform/http/caller.ts';
import { InvalidBodyError, UnownedResourceError } from '../platform/http/errors.ts';
import { ForbiddenFieldsError, OperationNotSupportedError } from './errors.ts';

export type UpdateUserInput = BodyOf<typeof updateUserOperation>;

/** Attributes that a provider's profile refreshes at sign-in unless the connection's sync is off. */
const syncedAttributes = ['name', 'nickname', 'given_name', 'family_name', 'picture'] as const;

/**
 * Holds the sent fields against the token: `update:users` may send all, `update:users_app_metadata` only
 * `app_metadata`, a user's own token only their own `user_metadata` (spec users-and-search §1.6).
 * @throws UnownedResourceError, ForbiddenFieldsError
 */
export function assertMayUpdate(caller: Caller, userId: string, input: UpdateUserInput): void {
  if (caller.scopes.has('update:users')) return;
  const allowed = new Set<string>();
  if (caller.scopes.has('update:users_app_metadata')) allowed.add('app_metadata');
  if (
    caller.scopes.has('update:current_user_metadata') ||
    caller.scopes.has('create:current_user_metadata')
  ) {
    if (caller.subject === userId) allowed.add('user_metadata');
    else if (allowed.size === 0) throw new UnownedResourceError();
  }
  const forbidden = Object.keys(input).filter((field) => !allowed.has(field));
  if (forbidden.length > 0) throw new ForbiddenFieldsError(forbidden);
}

/** What a user is as a person and what applications keep with them; all else decides who may come in as them. */
const descriptions: ReadonlySet<string> = new Set([
  ...syncedAttributes,
  'user_metadata',
  'app_metadata',
  'connection',
  'client_id',
]);

/** Whether the change is about how the user signs in. */
export function changesAccess(input: UpdateUserInput): boolean {
  return Object.keys(input).some((field) => !descriptions.has(field));
}

/** Pairs that one call may not change together, named in the order of the documented message. */
const exclusivePairs = [
  ['password', 'email'],
  ['password', 'email_verified'],
  ['username', 'password'],
  ['username', 'email'],
  ['username', 'email_verified'],
] as const;

/** @throws OperationNotSupportedError (spec users-and-search §8.2) */
export function assertCombination(input: UpdateUserInput): void {
  for (const [first, second] of exclusivePairs) {
    if (input[first] !== undefined && input[second] !== undefined) {
      throw new OperationNotSupportedError(`Cannot update ${first} and ${second} simultaneously`);
    }
  }
}

/**
 * Holds the sent attributes against what the connection lets an administrator edit (spec users-and-search
 * §3.3).
 * @throws OperationNotSupportedError naming the attributes, InvalidBodyError
 */
export function assertEditable(input: UpdateUserInput, connection: Connection): void {
  const isOwnStore =
    connection.kind === 'database' ||
    (connection.kind === 'custom-database' && connection.options.importMode);
  const refuseUpdate = (attributes: readonly string[]) => {
    if (attributes.length === 0) return;
    const verb = attributes.every((attribute) => Reflect.get(input, attribute) === null)
      ? 'removed'
      : 'updated';
    throw new OperationNotSupportedError(
      `The following user attributes cannot be ${verb}: ${attributes.join(', ')}. The connection (${connection.name}) must either be ` +
        "a database connection (using the Auth0 store), a passwordless connection (email or sms) or has disabled 'Sync user profile " +
        "attributes at each login'. For more information, see docs/users.md#who-may-edit-what",
    );
  };
  const sent = (names: readonly (keyof UpdateUserInput)[]) =>
    names.filter((name) => input[name] !== undefined);

  const isSynced = connection.options.setUserRootAttributes === 'on_each_login';
  if (!isOwnStore && connection.kind !== 'passwordless' && isSynced) refuseUpdate(sent(syncedAttributes));
  if (!isOwnStore && connection.strategy !== 'email' && input.email !== undefined) {
    throw new OperationNotSupportedError('Cannot update email for this user');
  }
  if (connection.kind === 'enterprise' || connection.strategy === 'sms') {
    if (input.email_verified !== undefined)
      throw new OperationNotSupportedError('Cannot update email_verified for this user');
  }
  if (!isOwnStore) refuseUpdate(sent(['username', 'password']));
  if (!isOwnStore && connection.strategy !== 'sms') refuseUpdate(sent(['phone_number', 'phone_verified']));
  if (isOwnStore && !connection.options.allowsUsername && typeof input.username === 'string') {
    throw new InvalidBodyError('Cannot set username for connection without requires_username.');
  }
  if (isOwnStore && !connection.isEnabled && (input.email !== undefined || input.password !== undefined)) {
    throw new OperationNotSupportedError('Connection is disabled.');
  }
  if (input.verify_email && connection.kind === 'enterprise') {
    throw new OperationNotSupportedError(
      'Cannot send an email verification to a user of an enterprise connection.',
    );
  }
}
