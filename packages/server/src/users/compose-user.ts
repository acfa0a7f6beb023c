import type { Connection } from '../connections/index.ts';
import { newUserId } from '../platform/ids.ts';
import { normalizeEmail, normalizeUsername, uniqueIdentifiers } from './identifiers.ts';
import { mergeMetadata } from './metadata.ts';
import type { NewUser } from './writes-store.ts';

/** Attributes of a new user, as requests and import files name them. */
export interface NewUserAttributes {
  readonly user_id?: string | undefined;
  readonly email?: string | undefined;
  readonly email_verified?: boolean | undefined;
  readonly username?: string | undefined;
  readonly phone_number?: string | undefined;
  readonly phone_verified?: boolean | undefined;
  readonly name?: string | undefined;
  readonly given_name?: string | undefined;
  readonly family_name?: string | undefined;
  readonly nickname?: string | undefined;
  readonly picture?: string | undefined;
  readonly blocked?: boolean | undefined;
  readonly user_metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly app_metadata?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Makes the record of a new user of a connection: identifiers in the form the connection keeps, and the primary identity.
 * @throws InvalidBodyError for a username that the connection does not allow
 */
export function composeUser(input: NewUserAttributes, connection: Connection): NewUser {
  const id = input.user_id || newUserId();
  const email = input.email === undefined ? undefined : normalizeEmail(input.email, connection);
  const username = input.username === undefined ? undefined : normalizeUsername(input.username, connection);
  const phoneNumber = input.phone_number;
  const userMetadata = input.user_metadata && withoutNulls(input.user_metadata);
  const appMetadata = input.app_metadata && withoutNulls(input.app_metadata);
  const identifiers = {
    ...(email === undefined ? {} : { email }),
    ...(username === undefined ? {} : { username }),
    ...(phoneNumber === undefined ? {} : { phoneNumber }),
  };
  const emailVerified = email === undefined ? input.email_verified : (input.email_verified ?? false);
  const phoneVerified = phoneNumber === undefined ? input.phone_verified : (input.phone_verified ?? false);
  return {
    userId: `${connection.strategy}|${id}`,
    ...identifiers,
    ...(emailVerified === undefined ? {} : { emailVerified }),
    ...(phoneVerified === undefined ? {} : { phoneVerified }),
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.given_name === undefined ? {} : { givenName: input.given_name }),
    ...(input.family_name === undefined ? {} : { familyName: input.family_name }),
    ...(input.nickname === undefined ? {} : { nickname: input.nickname }),
    ...(input.picture === undefined ? {} : { picture: input.picture }),
    ...(userMetadata ? { userMetadata } : {}),
    ...(appMetadata ? { appMetadata } : {}),
    ...(input.blocked === undefined ? {} : { isBlocked: input.blocked }),
    identity: {
      connectionId: connection.id,
      connection: connection.name,
      provider: connection.strategy,
      userId: id,
      isSocial: false,
      profile: identityProfile({ ...identifiers, emailVerified, phoneVerified }),
      ...uniqueIdentifiers(identifiers, connection),
    },
  };
}

/** What `profileData` will show of a database identity once it is linked. */
export function identityProfile(known: {
  email?: string | undefined;
  emailVerified?: boolean | undefined;
  username?: string | undefined;
  phoneNumber?: string | undefined;
  phoneVerified?: boolean | undefined;
}): Record<string, unknown> {
  return {
    ...(known.email === undefined
      ? {}
      : { email: known.email, email_verified: known.emailVerified ?? false }),
    ...(known.username === undefined ? {} : { username: known.username }),
    ...(known.phoneNumber === undefined
      ? {}
      : { phone_number: known.phoneNumber, phone_verified: known.phoneVerified ?? false }),
  };
}

/** `null` means "remove" wherever metadata is written; a new user has nothing to remove. */
function withoutNulls(
  metadata: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  return Object.keys(metadata).length === 0 ? undefined : mergeMetadata(undefined, metadata);
}
