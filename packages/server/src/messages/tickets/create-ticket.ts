import type {
  BodyOf,
  createPasswordChangeTicket as passwordOperation,
  createEmailVerificationTicket as verificationOperation,
} from '@muster/contract';
import { findApplication } from '../../applications/index.ts';
import { findConnectionById } from '../../connections/index.ts';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import { InvalidBodyError } from '../../platform/http/errors.ts';
import {
  type AccountGuard,
  findUserIdByIdentifier,
  type Identity,
  keepUser,
  primaryIdentity,
  type User,
  UserNotFoundError,
} from '../../users/index.ts';
import { defaultLinkLifetime } from '../templates/template-settings.ts';
import {
  UnknownClientError,
  UnknownConnectionError,
  UnknownOrganizationError,
  UnsupportedTicketError,
} from './errors.ts';
import { emailOfIdentity, issueTicket, type TicketOptions } from './issue-ticket.ts';

export interface TicketDependencies {
  readonly database: Database;
  /** Origin of the links. */
  readonly publicUrl: string;
  readonly guard: AccountGuard;
}

interface Ticket {
  readonly ticket: string;
}

/**
 * Makes a link that verifies an address. Sends nothing.
 * @throws UserNotFoundError, UnsupportedTicketError, UnknownClientError, UnknownOrganizationError, InvalidBodyError,
 *   ProtectedAccountError
 */
export async function createEmailVerificationTicket(
  dependencies: TicketDependencies,
  input: BodyOf<typeof verificationOperation>,
  context: ChangeContext,
): Promise<Ticket> {
  if (input.result_url !== undefined && input.client_id !== undefined) {
    throw new InvalidBodyError('Send result_url or client_id, not both.');
  }
  return dependencies.database.transaction().execute(async (transaction) => {
    const user = await keepUser(transaction, input.user_id);
    if (!user) throw new UserNotFoundError();
    await assertKnown(transaction, input);
    const identity = selectIdentity(user, input.identity);
    return issue(transaction, dependencies, user, identity, context, {
      kind: 'email_verification',
      ...readOptions(input),
    });
  });
}

/**
 * Makes a link that lets a user of a database connection choose a new password. Sends nothing; whether the
 * person who gets it is the user is the caller's responsibility.
 * @throws as `createEmailVerificationTicket`, and UnknownConnectionError
 */
export async function createPasswordChangeTicket(
  dependencies: TicketDependencies,
  input: BodyOf<typeof passwordOperation>,
  context: ChangeContext,
): Promise<Ticket> {
  return dependencies.database.transaction().execute(async (transaction) => {
    const user = await findNamedUser(transaction, input);
    await assertKnown(transaction, input);
    const identity = selectIdentity(user, input.identity);
    return issue(transaction, dependencies, user, identity, context, {
      kind: 'password_change',
      marksEmailVerified: input.mark_email_as_verified,
      ...readOptions(input),
    });
  });
}

async function findNamedUser(transaction: Database, input: BodyOf<typeof passwordOperation>): Promise<User> {
  const { user_id: userId, connection_id: connectionId, email } = input;
  if ((userId === undefined) === (email === undefined)) {
    throw new InvalidBodyError('Send user_id, or connection_id and email; one of the two.');
  }
  if (userId !== undefined) {
    if (connectionId !== undefined)
      throw new InvalidBodyError('connection_id goes with email, not with user_id.');
    return (await keepUser(transaction, userId)) ?? notFound();
  }
  if (connectionId === undefined || email === undefined)
    throw new InvalidBodyError('email needs connection_id.');
  if (input.identity) throw new InvalidBodyError('identity goes with user_id, not with email.');
  const connection = await findConnectionById(transaction, connectionId);
  if (!connection) throw new UnknownConnectionError();
  if (connection.strategy !== 'auth0') throw new UnsupportedTicketError('connection');
  const found = await findUserIdByIdentifier(transaction, connectionId, email.toLowerCase());
  return (found === undefined ? undefined : await keepUser(transaction, found)) ?? notFound();
}

function notFound(): never {
  throw new UserNotFoundError();
}

async function assertKnown(
  transaction: Database,
  input: { readonly client_id?: string; readonly organization_id?: string },
): Promise<void> {
  if (input.client_id !== undefined && !(await findApplication(transaction, input.client_id)))
    throw new UnknownClientError();
  // There are no organizations yet, so none is known.
  if (input.organization_id !== undefined) throw new UnknownOrganizationError();
}

/** The identity that was named, or the primary one where it is a database's: the others are their provider's matter. */
export function selectIdentity(
  user: User,
  named: { readonly user_id: string; readonly provider: string; readonly connection_id?: string } | undefined,
): Identity {
  if (!named) {
    const primary = primaryIdentity(user);
    if (primary.provider !== 'auth0') throw new UnsupportedTicketError('main connection');
    return primary;
  }
  const identity = user.identities.find(
    (candidate) =>
      candidate.provider === named.provider &&
      candidate.userId === named.user_id &&
      (named.connection_id === undefined || candidate.connectionId === named.connection_id),
  );
  if (!identity) throw new UnsupportedTicketError('identity');
  return identity;
}

function readOptions(input: {
  readonly client_id?: string;
  readonly result_url?: string;
  readonly ttl_sec?: number;
  readonly includeEmailInRedirect?: boolean;
}): Omit<TicketOptions, 'kind' | 'user' | 'identity' | 'email'> {
  return {
    clientId: input.client_id,
    resultUrl: input.result_url,
    includesEmail: input.includeEmailInRedirect,
    lifetime: input.ttl_sec || defaultLinkLifetime,
  };
}

async function issue(
  transaction: Database,
  dependencies: TicketDependencies,
  user: User,
  identity: Identity,
  context: ChangeContext,
  options: Omit<TicketOptions, 'user' | 'identity' | 'email'>,
): Promise<Ticket> {
  await dependencies.guard.assertMayChange(transaction, context.caller, [user.userId]);
  const email = emailOfIdentity(user, identity);
  if (email === undefined) throw new UnsupportedTicketError('address');
  const ticket = await issueTicket(transaction, dependencies.publicUrl, {
    ...options,
    user,
    identity,
    email,
  });
  await appendLogEvent(
    transaction,
    describeManagementChange({
      ...context,
      statusCode: 201,
      // The log masks it as well, by its name; here it cannot depend on that.
      response: { ticket: '*****' },
      about: { userId: user.userId, userName: email, connection: identity.connection },
    }),
  );
  return { ticket };
}
