import type { Database } from '../../platform/database/database.ts';
import { findUser, type Identity, type User } from '../../users/index.ts';
import { emailOfIdentity, hashToken } from './issue-ticket.ts';
import { findTicket, type TicketKind, type TicketRecord, useTicket } from './store.ts';

export type TicketVerdict =
  | { readonly ok: true; readonly ticket: TicketRecord; readonly user: User; readonly identity: Identity }
  | {
      readonly ok: false;
      /** `expired`: also voided by a newer one, or made for an address that the user no longer has. */
      readonly reason: 'unknown' | 'expired' | 'used';
      /** For the way back to the application; absent when unknown. */
      readonly ticket?: TicketRecord;
    };

/**
 * Uses a ticket up in the caller's transaction: of any number of calls with one token, one succeeds. If the
 * transaction is rolled back, the ticket is open again.
 * @param token what stands behind `?ticket=`; anything else is unknown
 */
export async function redeemTicket(
  transaction: Database,
  kind: TicketKind,
  token: string,
): Promise<TicketVerdict> {
  const hash = hashToken(token);
  const ticket = await useTicket(transaction, kind, hash);
  return ticket ? judge(transaction, ticket) : explain(transaction, kind, hash);
}

/** Looks at a ticket without using it: for the page that asks for the new password. */
export async function inspectTicket(
  database: Database,
  kind: TicketKind,
  token: string,
): Promise<TicketVerdict> {
  const hash = hashToken(token);
  const found = await findTicket(database, kind, hash);
  return found?.isOpen ? judge(database, found.ticket) : explain(database, kind, hash);
}

async function explain(database: Database, kind: TicketKind, hash: Buffer): Promise<TicketVerdict> {
  const found = await findTicket(database, kind, hash);
  if (!found) return { ok: false, reason: 'unknown' };
  return { ok: false, reason: found.isUsed ? 'used' : 'expired', ticket: found.ticket };
}

/** A link in an old mailbox must not act for an account that has moved to another address or identity since. */
async function judge(database: Database, ticket: TicketRecord): Promise<TicketVerdict> {
  const user = await findUser(database, ticket.userId);
  const identity = user?.identities.find(
    ({ connectionId, userId }) => connectionId === ticket.connectionId && userId === ticket.providerUserId,
  );
  if (!user || !identity || emailOfIdentity(user, identity) !== ticket.email) {
    return { ok: false, reason: 'expired', ticket };
  }
  return { ok: true, ticket, user, identity };
}
