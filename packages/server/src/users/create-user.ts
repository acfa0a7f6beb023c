import type { BodyOf, createUser as createUserOperation } from '@muster/contract';
import { type Connection, findConnectionByName } from '../connections/index.ts';
import { appendLogEvent, describeManagementChange } from '../logs/index.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { InvalidBodyError } from '../platform/http/errors.ts';
import { addUser, prepareUser } from './add-user.ts';
import type { UserDependencies } from './dependencies.ts';
import { OperationNotSupportedError, UnknownConnectionError } from './errors.ts';
import { describeUserOfEvent } from './log-events.ts';
import { type PresentedUser, presentUser } from './present-user.ts';
import type { User } from './user.ts';

export type CreateUserInput = BodyOf<typeof createUserOperation>;

/**
 * Creates a user in a database or passwordless connection (spec users-and-search §6.1): the user, its primary
 * identity, its password, the requested message and the log event commit together.
 * @throws UnknownConnectionError, OperationNotSupportedError, InvalidBodyError, PasswordRefusedError,
 *   UserAlreadyExistsError, ProfileTooLargeError
 */
export async function createUser(
  dependencies: UserDependencies,
  input: CreateUserInput,
  context: ChangeContext,
): Promise<{ user: User; presented: PresentedUser }> {
  const { database } = dependencies;
  const connection = await findConnectionByName(database, input.connection);
  if (!connection) throw new UnknownConnectionError();
  assertCreatable(input, connection);
  const prepared = await prepareUser(dependencies, input, input.password, connection);
  return database.transaction().execute(async (transaction) => {
    const user = await addUser(transaction, prepared);
    for (const listener of dependencies.listeners) await listener.userCreated?.(transaction, { user });
    const presented = presentUser(user, dependencies.presentation);
    await appendLogEvent(
      transaction,
      describeManagementChange({
        ...context,
        statusCode: 201,
        response: presented,
        after: presented,
        about: describeUserOfEvent(user),
      }),
    );
    if (user.email !== undefined && wantsVerification(input, connection)) {
      for (const listener of dependencies.listeners) {
        await listener.emailVerificationRequested?.(transaction, {
          userId: user.userId,
          email: user.email,
          clientId: undefined,
        });
      }
    }
    return { user, presented };
  });
}

/** Holds the input against what the connection's kind requires. */
function assertCreatable(input: CreateUserInput, connection: Connection): void {
  if (connection.kind === 'social' || connection.kind === 'enterprise') {
    throw new OperationNotSupportedError(
      'Connection does not support user creation through the API. It must either be a database or passwordless connection.',
    );
  }
  if (connection.kind === 'custom-database' && !connection.options.importMode) {
    throw new OperationNotSupportedError(
      'Connection keeps its users in a database of its own, and its create script cannot be run here yet.',
    );
  }
  if (!connection.isEnabled) throw new OperationNotSupportedError('Connection is disabled.');
  requireIdentifiers(input, connection);
}

function requireIdentifiers(input: CreateUserInput, connection: Connection): void {
  const missing = (name: string) =>
    new InvalidBodyError(`Payload validation error: 'Missing required property: ${name}'.`);
  if (connection.strategy === 'sms') {
    if (input.phone_number === undefined) throw missing('phone_number');
  } else if (connection.strategy === 'email') {
    if (input.email === undefined) throw missing('email');
  } else {
    if (connection.options.requiresEmail && input.email === undefined) throw missing('email');
    if (connection.options.requiresUsername && input.username === undefined) throw missing('username');
    if (connection.options.requiresPhoneNumber && input.phone_number === undefined)
      throw missing('phone_number');
    if (input.email === undefined && input.username === undefined && input.phone_number === undefined)
      throw missing('email');
    if (connection.options.requiresPassword && input.password === undefined) throw missing('password');
  }
  if (input.username !== undefined && !connection.options.allowsUsername) {
    throw new InvalidBodyError('Cannot set username for connection without requires_username.');
  }
  if (input.password !== undefined && connection.kind === 'passwordless') {
    throw new OperationNotSupportedError('Cannot set password for a passwordless connection.');
  }
}

/** Asked for explicitly, or by default when an unverified address joins a database connection. */
function wantsVerification(input: CreateUserInput, connection: Connection): boolean {
  return input.verify_email ?? (connection.kind === 'database' && input.email_verified !== true);
}
