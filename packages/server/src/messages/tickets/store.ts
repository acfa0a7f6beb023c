import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

export type TicketKind = 'email_verification' | 'password_change' | 'account_unblock';

export interface TicketRecord {
  readonly kind: TicketKind;
  readonly userId: string;
  readonly connectionId: string;
  readonly providerUserId: string;
  /** The address that it was made for. */
  readonly email: string;
  readonly clientId: string | null;
  readonly resultUrl: string | null;
  /** Whether `email` is added to the result URL; `null`: as the template says. */
  readonly includesEmail: boolean | null;
  readonly marksEmailVerified: boolean;
  /** Of `account_unblock`: the address that it unblocks; empty: all of them. */
  readonly blockedIp: string | null;
}

interface TicketRow {
  kind: TicketKind;
  user_id: string;
  connection_id: string;
  provider_user_id: string;
  email: string;
  client_id: string | null;
  result_url: string | null;
  includes_email: boolean | null;
  marks_email_verified: boolean;
  blocked_ip: string | null;
  is_used: boolean;
}

const columns = sql`kind, user_id, connection_id, provider_user_id, email, client_id, result_url, includes_email,
  marks_email_verified, blocked_ip, used_at IS NOT NULL AS is_used`;

/** @param lifetime seconds */
export async function insertTicket(
  transaction: Database,
  tokenHash: Buffer,
  ticket: TicketRecord,
  lifetime: number,
): Promise<void> {
  await sql`
    INSERT INTO tickets (token_hash, kind, user_id, connection_id, provider_user_id, email, client_id, result_url,
      includes_email, marks_email_verified, blocked_ip, expires_at)
    VALUES (${tokenHash}, ${ticket.kind}, ${ticket.userId}, ${ticket.connectionId}, ${ticket.providerUserId},
      ${ticket.email}, ${ticket.clientId}, ${ticket.resultUrl}, ${ticket.includesEmail}, ${ticket.marksEmailVerified},
      ${ticket.blockedIp},
      now() + make_interval(secs => ${lifetime}))`.execute(transaction);
}

/** Ends the open tickets of this kind for one identity. */
export async function expireOpenTickets(
  transaction: Database,
  ticket: Pick<TicketRecord, 'kind' | 'userId' | 'connectionId' | 'providerUserId'>,
): Promise<void> {
  await sql`
    UPDATE tickets SET expires_at = now()
    WHERE user_id = ${ticket.userId} AND kind = ${ticket.kind} AND connection_id = ${ticket.connectionId}
      AND provider_user_id = ${ticket.providerUserId} AND used_at IS NULL AND expires_at > now()`.execute(
    transaction,
  );
}

/** Whether such a ticket was ever made for one identity, as long as tickets are kept. */
export async function hasTicket(
  transaction: Database,
  kind: TicketKind,
  userId: string,
  identity: { readonly connectionId: string; readonly userId: string },
): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM tickets
    WHERE user_id = ${userId} AND kind = ${kind} AND connection_id = ${identity.connectionId}
      AND provider_user_id = ${identity.userId} LIMIT 1`.execute(transaction);
  return rows.length > 0;
}

/** Marks an open ticket as used. Of any number of callers at once, one gets it. */
export async function useTicket(
  transaction: Database,
  kind: TicketKind,
  tokenHash: Buffer,
): Promise<TicketRecord | undefined> {
  const { rows } = await sql<TicketRow>`
    UPDATE tickets SET used_at = now()
    WHERE token_hash = ${tokenHash} AND kind = ${kind} AND used_at IS NULL AND expires_at > now()
    RETURNING ${columns}`.execute(transaction);
  return rows[0] && toRecord(rows[0]);
}

/** A ticket in whatever state. `isOpen`: neither used nor expired. */
export async function findTicket(
  database: Database,
  kind: TicketKind,
  tokenHash: Buffer,
): Promise<
  { readonly ticket: TicketRecord; readonly isUsed: boolean; readonly isOpen: boolean } | undefined
> {
  const { rows } = await sql<TicketRow & { is_open: boolean }>`
    SELECT ${columns}, used_at IS NULL AND expires_at > now() AS is_open FROM tickets
    WHERE token_hash = ${tokenHash} AND kind = ${kind}`.execute(database);
  const row = rows[0];
  return row && { ticket: toRecord(row), isUsed: row.is_used, isOpen: row.is_open };
}

/** Tickets are kept for 30 days past their end, so that an old link is told as expired, not as unknown. */
export async function deleteOldTickets(database: Database, limit: number): Promise<number> {
  const { rows } = await sql`
    DELETE FROM tickets WHERE token_hash = ANY(ARRAY(
      SELECT token_hash FROM tickets WHERE expires_at < now() - interval '30 days' LIMIT ${limit}
    )) RETURNING 1`.execute(database);
  return rows.length;
}

function toRecord(row: TicketRow): TicketRecord {
  return {
    kind: row.kind,
    userId: row.user_id,
    connectionId: row.connection_id,
    providerUserId: row.provider_user_id,
    email: row.email,
    clientId: row.client_id,
    resultUrl: row.result_url,
    includesEmail: row.includes_email,
    marksEmailVerified: row.marks_email_verified,
    blockedIp: row.blocked_ip,
  };
}
