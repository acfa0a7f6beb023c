import type { Database } from '../../platform/database/database.ts';
import { findUser, type Identity, primaryIdentity, type User, type UserListener } from '../../users/index.ts';
import { getActiveTemplate } from '../templates/active-template.ts';
import { emailOfIdentity, issueTicket } from '../tickets/issue-ticket.ts';
import { hasTicket, type TicketKind } from '../tickets/store.ts';
import { type QueueDependencies, queueMessage } from './queue-message.ts';

/** A message about one user; all of these return whether it was queued, as `queueMessage` does. */
export interface UserMessage {
  readonly user: User;
  /** Default: the primary identity. */
  readonly identity?: Identity | undefined;
  readonly clientId?: string | undefined;
  /** A language tag or an `Accept-Language` header. */
  readonly requestLanguage?: string | undefined;
}

/** Makes a ticket that verifies the identity's address and queues the mail with its link; false also without an address. */
export function queueVerificationEmail(
  transaction: Database,
  dependencies: QueueDependencies,
  message: UserMessage,
): Promise<boolean> {
  return queueTicket(transaction, dependencies, message, 'verify_email', 'email_verification');
}

/** Makes a ticket to choose a new password, which voids older ones, and queues the mail with its link. */
export function queuePasswordResetEmail(
  transaction: Database,
  dependencies: QueueDependencies,
  message: UserMessage,
): Promise<boolean> {
  return queueTicket(transaction, dependencies, message, 'reset_email', 'password_change');
}

/** Off until somebody enables the template `welcome_email`. */
export async function queueWelcomeEmail(
  transaction: Database,
  dependencies: Pick<QueueDependencies, 'secrets'>,
  message: UserMessage,
): Promise<boolean> {
  return queueToUser(transaction, dependencies, message, { kind: 'welcome_email' });
}

/**
 * What a first sign-in sends (spec authentication §8.2, §8.3): the link that verifies the address, unless the account's
 * making has sent one; where no such mails are sent, the welcome that would follow them.
 */
export async function queueFirstSignInEmail(
  transaction: Database,
  dependencies: QueueDependencies,
  message: UserMessage,
): Promise<boolean> {
  const { user, identity = primaryIdentity(user) } = message;
  if (!(await getActiveTemplate(transaction, 'verify_email')).isEnabled)
    return queueWelcomeEmail(transaction, dependencies, message);
  const isVerified =
    identity === user.identities[0] ? user.emailVerified : identity.profile['email_verified'];
  if (isVerified === true) return false;
  if (await hasTicket(transaction, 'email_verification', user.userId, identity)) return false;
  return queueVerificationEmail(transaction, dependencies, message);
}

/** Tells a user that sign-in was blocked after wrong passwords, with a link that lifts the block once. */
export async function queueBlockedAccountEmail(
  transaction: Database,
  dependencies: QueueDependencies,
  message: UserMessage & {
    /** Where the attempts came from. */
    readonly sourceIp: string;
    /** What the link unblocks; empty: every address. */
    readonly blockedIp: string;
    readonly city?: string | undefined;
    readonly country?: string | undefined;
  },
): Promise<boolean> {
  const { sourceIp, blockedIp, city, country } = message;
  return queueTicket(transaction, dependencies, message, 'blocked_account', 'account_unblock', {
    blockedIp,
    variables: {
      user: {
        source_ip: sourceIp,
        ...(city === undefined ? {} : { city }),
        ...(country === undefined ? {} : { country }),
      },
    },
  });
}

/** Queues what users ask for, inside the transaction of the change. */
export function createMessageListener(dependencies: QueueDependencies): UserListener {
  return {
    emailVerificationRequested: async (transaction, { userId, clientId }) => {
      const user = await findUser(transaction, userId);
      if (user) await queueVerificationEmail(transaction, dependencies, { user, clientId });
    },
  };
}

async function queueTicket(
  transaction: Database,
  dependencies: QueueDependencies,
  message: UserMessage,
  kind: 'verify_email' | 'reset_email' | 'blocked_account',
  ticketKind: TicketKind,
  more: { readonly blockedIp?: string; readonly variables?: Readonly<Record<string, unknown>> } = {},
): Promise<boolean> {
  const { user, clientId } = message;
  const identity = message.identity ?? primaryIdentity(user);
  const email = emailOfIdentity(user, identity);
  const template = await getActiveTemplate(transaction, kind);
  if (email === undefined || !template.isEnabled) return false;
  const lifetime = template.linkLifetime;
  const { blockedIp, variables } = more;
  const options = { kind: ticketKind, user, identity, email, clientId, lifetime, blockedIp };
  const url = await issueTicket(transaction, dependencies.publicUrl, options);
  return queueToUser(transaction, dependencies, message, { kind, secrets: { url }, lifetime, variables });
}

async function queueToUser(
  transaction: Database,
  dependencies: Pick<QueueDependencies, 'secrets'>,
  { user, identity = primaryIdentity(user), clientId, requestLanguage }: UserMessage,
  parts: Omit<Parameters<typeof queueMessage>[2], 'recipient'>,
): Promise<boolean> {
  const recipient = emailOfIdentity(user, identity);
  if (recipient === undefined) return false;
  return queueMessage(transaction, dependencies, {
    recipient,
    userId: user.userId,
    clientId,
    requestLanguage,
    connection: identity.connection,
    ...parts,
  });
}
