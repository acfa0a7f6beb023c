import { createHash } from 'node:crypto';
import type { Database } from '../../platform/database/database.ts';
import { randomAlphanumeric } from '../../platform/ids.ts';
import { type Identity, primaryIdentity, type User } from '../../users/index.ts';
import { expireOpenTickets, insertTicket, type TicketKind } from './store.ts';

/** 43 characters out of 62 carry 256 bits. */
const tokenLength = 43;
/** Ten years in seconds: any longer a lifetime is as good as this, and fits every date. */
const longestLifetime = 315_360_000;

/** Where the hosted pages take tickets, below the public URL. */
export const ticketPaths: Readonly<Record<TicketKind, string>> = {
  email_verification: '/u/email-verification',
  password_change: '/u/reset-password',
  account_unblock: '/u/unblock',
};

export interface TicketOptions {
  readonly kind: TicketKind;
  readonly user: User;
  /** Default: the primary identity. */
  readonly identity?: Identity | undefined;
  /** The address that the ticket is good for; it is void once the user has another. */
  readonly email: string;
  readonly clientId?: string | undefined;
  readonly resultUrl?: string | undefined;
  /** Absent: as the template says. */
  readonly includesEmail?: boolean | undefined;
  readonly marksEmailVerified?: boolean | undefined;
  /** Of `account_unblock`: the address that it unblocks; empty: all of them. */
  readonly blockedIp?: string | undefined;
  /** Seconds. */
  readonly lifetime: number;
}

/**
 * Makes a ticket in the caller's transaction. The database gets a hash of its token alone. A ticket to change a
 * password voids the identity's older ones.
 * @returns the link; whoever has it may act for the user
 */
export async function issueTicket(
  transaction: Database,
  publicUrl: string,
  options: TicketOptions,
): Promise<string> {
  const identity = options.identity ?? primaryIdentity(options.user);
  const ticket = {
    kind: options.kind,
    userId: options.user.userId,
    connectionId: identity.connectionId,
    providerUserId: identity.userId,
    email: options.email,
    clientId: options.clientId ?? null,
    resultUrl: options.resultUrl ?? null,
    includesEmail: options.includesEmail ?? null,
    marksEmailVerified: options.marksEmailVerified ?? false,
    blockedIp: options.blockedIp ?? null,
  };
  if (ticket.kind === 'password_change') await expireOpenTickets(transaction, ticket);
  const token = randomAlphanumeric(tokenLength);
  await insertTicket(transaction, hashToken(token), ticket, Math.min(options.lifetime, longestLifetime));
  // The `#` belongs to the documented form (spec management-api §2.2).
  return `${publicUrl}${ticketPaths[ticket.kind]}?ticket=${token}#`;
}

/** No salt: 256 random bits cannot be guessed, and the hash must be found by an index. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The address of one of the user's identities, where it is known. */
export function emailOfIdentity(user: User, identity: Identity): string | undefined {
  const isPrimary = identity === user.identities[0];
  if (isPrimary) return user.email;
  const email = identity.profile['email'];
  return typeof email === 'string' && email !== '' ? email : undefined;
}
