import { SignUpBody } from '@muster/contract';
import { type Application, findApplication } from '../applications/index.ts';
import { type Connection, findConnectionOfClient } from '../connections/index.ts';
import { appendLogEvent, maskSecrets } from '../logs/index.ts';
import { queueVerificationEmail } from '../messages/index.ts';
import type { Database } from '../platform/database/database.ts';
import { ApiError } from '../platform/http/errors.ts';
import { compileValidator } from '../platform/http/validation.ts';
import { getTenantSettings } from '../tenant/index.ts';
import {
  addUser,
  describeUserOfEvent,
  PasswordRefusedError,
  prepareUser,
  type User,
  UserAlreadyExistsError,
} from '../users/index.ts';
import type { AccountDependencies, Visitor } from './dependencies.ts';
import { AccountRefusal, identifierTaken, invalidSignUp, passwordRefused, signUpDisabled } from './errors.ts';

const validate = compileValidator(SignUpBody, 'body');

/**
 * Reads what somebody signs up with.
 * @throws AccountRefusal naming the property
 */
export function parseSignUp(body: unknown): SignUpBody {
  try {
    validate(body ?? null);
  } catch (cause) {
    throw cause instanceof ApiError ? invalidSignUp(cause.message, cause) : cause;
  }
  // The validator has just proven the shape.
  return body as SignUpBody;
}

/**
 * Makes an account in a database connection (spec authentication-and-extensibility §1.9): user, password, log event, and
 * the mail that verifies the address or, where that is off, the one that welcomes, commit together. Of any number of calls
 * with one identifier one succeeds. What was refused is logged too, once application and connection are known.
 * @throws AccountRefusal
 */
export async function signUp(
  dependencies: AccountDependencies,
  body: SignUpBody,
  visitor: Visitor,
): Promise<User> {
  const { database } = dependencies;
  const application = await findApplication(database, body.client_id);
  if (!application) throw invalidSignUp('The client does not exist.');
  const connection = await findConnectionOfClient(database, body.connection, application.clientId);
  if (connection?.strategy !== 'auth0')
    throw invalidSignUp('The client may use no such database connection.');
  try {
    assertMaySignUp(body, connection);
    return await createAccount(dependencies, body, { application, connection, visitor });
  } catch (cause) {
    const refusal = await toRefusal(database, cause);
    if (!refusal) throw cause;
    await appendLogEvent(database, {
      type: 'fs',
      description: refusal.message,
      ...describeOrigin(application, connection, visitor),
      ...describeTyped(body),
      details: { body: maskSecrets(body), error: { code: refusal.code, message: refusal.message } },
    });
    throw refusal;
  }
}

interface Origin {
  readonly application: Application;
  readonly connection: Connection;
  readonly visitor: Visitor;
}

async function createAccount(
  dependencies: AccountDependencies,
  body: SignUpBody,
  { application, connection, visitor }: Origin,
): Promise<User> {
  const { client_id: clientId, connection: _name, password, ...attributes } = body;
  const prepared = await prepareUser(dependencies, attributes, password, connection);
  return dependencies.database.transaction().execute(async (transaction) => {
    const user = await addUser(transaction, prepared);
    for (const listener of dependencies.listeners) await listener.userCreated?.(transaction, { user });
    await appendLogEvent(transaction, {
      type: 'ss',
      ...describeOrigin(application, connection, visitor),
      ...describeUserOfEvent(user),
      details: { body: maskSecrets(body) },
    });
    const message = { user, clientId, requestLanguage: visitor.language };
    await queueVerificationEmail(transaction, dependencies, message);
    return user;
  });
}

/** Holds what was sent against the connection: open to the public, and with the identifiers that it wants. */
function assertMaySignUp(body: SignUpBody, { kind, options }: Connection): void {
  if (options.disablesSignup) throw signUpDisabled();
  // The store of the operator's own would have to be asked first, and its scripts cannot be run here yet.
  if (kind !== 'database')
    throw invalidSignUp('The connection keeps its users elsewhere; nobody can sign up here yet.');
  const { atSignUp } = options.identifiers;
  for (const name of ['email', 'username', 'phone_number'] as const) {
    const isSent = body[name] !== undefined;
    if (!isSent && atSignUp[name] === 'required') throw missing(name);
    if (isSent && atSignUp[name] === 'inactive')
      throw invalidSignUp(
        `Payload validation error: 'The connection has no ${name} at sign-up' on property ${name}.`,
      );
  }
  if (body.email === undefined && body.username === undefined && body.phone_number === undefined)
    throw missing('email');
  if (body.password === undefined && options.requiresPassword) throw missing('password');
}

function missing(name: string): AccountRefusal {
  return invalidSignUp(`Payload validation error: 'Missing required property: ${name}'.`);
}

async function toRefusal(database: Database, cause: unknown): Promise<AccountRefusal | undefined> {
  if (cause instanceof AccountRefusal) return cause;
  if (cause instanceof PasswordRefusedError) return passwordRefused(cause);
  if (cause instanceof UserAlreadyExistsError) return identifierTaken(cause, await tellsWhoExists(database));
  // The username's form, metadata keys, the profile's size, a connection that was removed meanwhile.
  return cause instanceof ApiError && cause.statusCode < 500
    ? invalidSignUp(cause.message, cause)
    : undefined;
}

async function tellsWhoExists(database: Database): Promise<boolean> {
  const { flags } = await getTenantSettings(database);
  return Reflect.get(Object(flags), 'enable_public_signup_user_exists_error') === true;
}

function describeOrigin(application: Application, connection: Connection, visitor: Visitor) {
  return {
    clientId: application.clientId,
    clientName: application.name,
    connection: connection.name,
    connectionId: connection.id,
    strategy: connection.strategy,
    strategyType: 'database',
    ip: visitor.ip,
    userAgent: visitor.userAgent,
  };
}

function describeTyped(body: SignUpBody): { readonly userName?: string } {
  const userName = body.email ?? body.username ?? body.phone_number;
  return userName === undefined ? {} : { userName };
}
