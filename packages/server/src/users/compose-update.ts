import type { Connection } from '../connections/index.ts';
import { describeManagementChange, type LogEvent } from '../logs/index.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { InvalidBodyError, PreconditionFailedError } from '../platform/http/errors.ts';
import type { UserDependencies } from './dependencies.ts';
import { UserNotFoundError } from './errors.ts';
import { normalizeEmail, normalizeUsername } from './identifiers.ts';
import { describeUserOfEvent } from './log-events.ts';
import { mergeMetadata } from './metadata.ts';
import { type PresentedUser, presentUser } from './present-user.ts';
import type { UserForChange } from './rows-store.ts';
import type { UpdateUserInput } from './update-rules.ts';
import { type Identity, primaryIdentity, type User } from './user.ts';

export interface UpdateUserContext extends ChangeContext {
  readonly ifMatch: readonly string[] | undefined;
}

export interface UpdatedUser {
  readonly user: User;
  readonly presented: PresentedUser;
}

/** @throws UserNotFoundError, PreconditionFailedError */
export function assertExpected(
  found: UserForChange | undefined,
  { ifMatch }: UpdateUserContext,
): UserForChange {
  if (!found) throw new UserNotFoundError();
  if (ifMatch && !ifMatch.includes(String(found.user.version))) throw new PreconditionFailedError();
  return found;
}

/** The user with the input applied; identifiers and verified flags follow the primary identity only. */
export function applyInput(
  stored: User,
  input: UpdateUserInput,
  identity: Identity,
  connection: Connection | undefined,
): User {
  const isPrimary = identity === primaryIdentity(stored);
  const changed: Mutable<User> = { ...stored };
  if (connection && isPrimary) {
    if (input.email !== undefined) {
      assign(changed, 'email', input.email === null ? null : normalizeEmail(input.email, connection));
      // A new address is unproven until somebody proves it (spec users-and-search §8.4).
      assign(
        changed,
        'emailVerified',
        input.email === null ? null : changed.email === stored.email ? stored.emailVerified : false,
      );
    }
    if (input.email_verified !== undefined) assign(changed, 'emailVerified', input.email_verified);
    if (input.username !== undefined)
      assign(
        changed,
        'username',
        input.username === null ? null : normalizeUsername(input.username, connection),
      );
    if (input.phone_number !== undefined) {
      assign(changed, 'phoneNumber', input.phone_number);
      assign(
        changed,
        'phoneVerified',
        input.phone_number === null
          ? null
          : changed.phoneNumber === stored.phoneNumber
            ? stored.phoneVerified
            : false,
      );
    }
    if (input.phone_verified !== undefined) assign(changed, 'phoneVerified', input.phone_verified);
    if (
      changed.email === undefined &&
      changed.username === undefined &&
      changed.phoneNumber === undefined &&
      hadIdentifier(stored)
    ) {
      throw new InvalidBodyError(
        'The last of email, username and phone_number cannot be removed: the user could not be told apart any more.',
      );
    }
  }
  if (input.name !== undefined) assign(changed, 'name', input.name);
  if (input.given_name !== undefined) assign(changed, 'givenName', input.given_name);
  if (input.family_name !== undefined) assign(changed, 'familyName', input.family_name);
  if (input.nickname !== undefined) assign(changed, 'nickname', input.nickname);
  if (input.picture !== undefined) assign(changed, 'picture', input.picture);
  applyMetadata(changed, input);
  if (input.blocked !== undefined) assign(changed, 'isBlocked', input.blocked);
  if (input.password !== undefined) {
    changed.lastPasswordReset = new Date();
    // A new password from an administrator also lifts the block (spec users-and-search §6.5), unless the call says otherwise.
    if (typeof input.password === 'string' && input.blocked === undefined && stored.isBlocked)
      changed.isBlocked = false;
  }
  return changed;
}

function hadIdentifier(user: User): boolean {
  return user.email !== undefined || user.username !== undefined || user.phoneNumber !== undefined;
}

/** Merges what was sent into a copy of the stored user. */
export function applyMetadata(user: Mutable<User>, input: UpdateUserInput): void {
  if (input.user_metadata !== undefined)
    assign(user, 'userMetadata', mergeMetadata(user.userMetadata, input.user_metadata));
  if (input.app_metadata === undefined) return;
  const merged = mergeMetadata(user.appMetadata, input.app_metadata);
  // An emptied app_metadata is absent, an emptied user_metadata is {} (spec management-api §1.10).
  assign(user, 'appMetadata', merged && Object.keys(merged).length > 0 ? merged : null);
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Sets an attribute; `null` and `undefined` remove it, as unset attributes are absent. */
export function assign<K extends keyof User>(
  user: Mutable<User>,
  key: K,
  value: User[K] | null | undefined,
): void {
  if (value === null || value === undefined) Reflect.deleteProperty(user, key);
  else user[key] = value;
}

/** The user as it will be, how callers see it, and the event that tells of the change. */
export function describeUpdate(
  { presentation }: UserDependencies,
  stored: User,
  changed: User,
  changedAt: Date,
  context: ChangeContext,
): UpdatedUser & { readonly event: LogEvent } {
  const user = { ...changed, updatedAt: changedAt, version: stored.version + 1 };
  const presented = presentUser(user, presentation);
  const event = describeManagementChange({
    ...context,
    statusCode: 200,
    response: presented,
    before: presentUser(stored, presentation),
    after: presented,
    about: describeUserOfEvent(user),
  });
  return { user, presented, event };
}
