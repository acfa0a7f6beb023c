import type { Connection } from '../connections/index.ts';
import type { Database } from '../platform/database/database.ts';
import { violatedConstraint } from '../platform/database/violated-constraint.ts';
import { composeUser, type NewUserAttributes } from './compose-user.ts';
import type { UserDependencies } from './dependencies.ts';
import { UnknownConnectionError, UserAlreadyExistsError } from './errors.ts';
import { assertMetadataKeys } from './metadata.ts';
import { checkPassword } from './passwords/check-password.ts';
import { currentAlgorithm, hashPassword } from './passwords/hash.ts';
import { insertPasswordHash } from './passwords/store.ts';
import { assertProfileSize } from './profile-size.ts';
import type { User } from './user.ts';
import { insertUser, type NewUser } from './writes-store.ts';

/** A user that passed every check and needs only be written. */
export interface PreparedUser {
  readonly newUser: NewUser;
  readonly credential: { readonly hash: string; readonly algorithm: string } | undefined;
}

/**
 * Checks a new user of a connection and hashes the password. Outside any transaction: the hash costs milliseconds of CPU.
 * Whether identifiers are taken is decided when the user is added, by the database.
 * @throws InvalidBodyError, ProfileTooLargeError, PasswordRefusedError
 */
export async function prepareUser(
  dependencies: Pick<UserDependencies, 'database' | 'config'>,
  attributes: NewUserAttributes,
  password: string | undefined,
  connection: Connection,
): Promise<PreparedUser> {
  assertMetadataKeys('user_metadata', attributes.user_metadata);
  assertMetadataKeys('app_metadata', attributes.app_metadata);
  const newUser = composeUser(attributes, connection);
  assertProfileSize(newUser, dependencies.config.profileLimit);
  if (password === undefined) return { newUser, credential: undefined };
  await checkPassword(dependencies.database, password, connection.options.passwordPolicy, newUser);
  const hash = await hashPassword(password, dependencies.config.passwordHashCost);
  return { newUser, credential: { hash, algorithm: currentAlgorithm } };
}

/**
 * Writes a prepared user with its identity and password in the caller's transaction.
 * @throws UserAlreadyExistsError, UnknownConnectionError; the transaction is then of no use any more
 */
export async function addUser(transaction: Database, { newUser, credential }: PreparedUser): Promise<User> {
  try {
    const stored = await insertUser(transaction, newUser);
    const { identity, ...rest } = newUser;
    if (credential) {
      const { connectionId, userId: providerUserId } = identity;
      const key = { userId: newUser.userId, connectionId, providerUserId };
      await insertPasswordHash(transaction, key, credential);
    }
    return { ...rest, ...stored, identities: [identity] };
  } catch (cause) {
    throw translateConflict(cause);
  }
}

function translateConflict(cause: unknown): unknown {
  switch (violatedConstraint(cause)) {
    case 'identities_connection_id_fkey':
      return new UnknownConnectionError({ cause });
    case 'identities_email_key':
      return new UserAlreadyExistsError('email', { cause });
    case 'identities_username_key':
      return new UserAlreadyExistsError('username', { cause });
    case 'identities_phone_key':
      return new UserAlreadyExistsError('phone_number', { cause });
    case 'users_pkey':
    case 'identities_provider_user_id_key':
      return new UserAlreadyExistsError('user_id', { cause });
    default:
      return cause;
  }
}
