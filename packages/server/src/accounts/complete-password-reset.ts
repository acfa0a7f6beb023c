import { findConnectionById } from '../connections/index.ts';
import { appendLogEvent } from '../logs/index.ts';
import {
  findResultUrl,
  inspectTicket,
  redeemTicket,
  type TicketRecord,
  type TicketVerdict,
} from '../messages/index.ts';
import {
  describeUserOfEvent,
  PasswordRefusedError,
  prepareChosenPassword,
  setChosenPassword,
} from '../users/index.ts';
import type { AccountDependencies, Visitor } from './dependencies.ts';
import { type AccountRefusal, passwordRefused, passwordTooLong } from './errors.ts';

/** UTF-16 code units, as everywhere else that a password is set. */
const longestPassword = 4096;

export type TicketFailure = {
  readonly ok: false;
  readonly reason: 'unknown' | 'expired' | 'used';
  readonly resultUrl: string | undefined;
};

export type PasswordResetVerdict =
  /** `resultUrl`: where the application wants the browser; absent where it said nothing. */
  | { readonly ok: true; readonly userId: string; readonly resultUrl: string | undefined }
  | TicketFailure
  /** The ticket is still good: the person may try another password. */
  | { readonly ok: false; readonly reason: 'password'; readonly refusal: AccountRefusal };

/**
 * Gives somebody the password that they chose on the page of a ticket (spec authentication-and-extensibility §8.1): of any
 * number of calls with one ticket one succeeds. The policy applies, with history; sessions and tokens end; the address
 * counts as verified where the ticket says so.
 * @param token what stands behind `?ticket=`
 */
export async function completePasswordReset(
  dependencies: AccountDependencies,
  token: string,
  password: string,
  visitor: Visitor,
): Promise<PasswordResetVerdict> {
  const { database } = dependencies;
  const open = await inspectTicket(database, 'password_change', token);
  if (!open.ok) return refuse(dependencies, open, visitor);
  const connection = await findConnectionById(database, open.identity.connectionId);
  if (connection?.strategy !== 'auth0')
    return refuse(dependencies, { ...open, ok: false, reason: 'expired' }, visitor);

  if (password.length > longestPassword) return { ok: false, reason: 'password', refusal: passwordTooLong() };
  const hashed = await prepareChosenPassword(
    dependencies,
    open.user,
    open.identity,
    connection,
    password,
  ).catch((cause: unknown) => {
    if (cause instanceof PasswordRefusedError) return cause;
    throw cause;
  });
  if (hashed instanceof PasswordRefusedError) {
    await logFailure(dependencies, open.ticket, hashed.message, visitor);
    return { ok: false, reason: 'password', refusal: passwordRefused(hashed) };
  }

  const redeemed = await database.transaction().execute(async (transaction) => {
    const verdict = await redeemTicket(transaction, 'password_change', token);
    if (!verdict.ok) return verdict;
    const user = await setChosenPassword(transaction, dependencies, {
      userId: verdict.user.userId,
      identity: verdict.identity,
      connection,
      hash: hashed,
      marksEmailVerified: verdict.ticket.marksEmailVerified,
    });
    await appendLogEvent(transaction, {
      type: 'scp',
      ...describeUserOfEvent(user),
      ...describeVisit(verdict.ticket, visitor),
    });
    return verdict;
  });
  if (!redeemed.ok) return refuse(dependencies, redeemed, visitor);
  const resultUrl = await findResultUrl(database, redeemed.ticket, 'password_changed');
  return { ok: true, userId: redeemed.user.userId, resultUrl };
}

async function refuse(
  dependencies: AccountDependencies,
  { reason, ticket }: Exclude<TicketVerdict, { ok: true }>,
  visitor: Visitor,
): Promise<TicketFailure> {
  if (!ticket) return { ok: false, reason, resultUrl: undefined };
  await logFailure(dependencies, ticket, `The link is ${reason}.`, visitor);
  return { ok: false, reason, resultUrl: await findResultUrl(dependencies.database, ticket, reason) };
}

function logFailure(
  { database }: AccountDependencies,
  ticket: TicketRecord,
  description: string,
  visitor: Visitor,
): Promise<void> {
  return appendLogEvent(database, {
    type: 'fcp',
    description,
    userId: ticket.userId,
    userName: ticket.email,
    connectionId: ticket.connectionId,
    ...describeVisit(ticket, visitor),
  });
}

export function describeVisit(
  { clientId }: TicketRecord,
  { ip, userAgent }: Visitor,
): { readonly clientId?: string; readonly ip: string; readonly userAgent: string } {
  return { ...(clientId === null ? {} : { clientId }), ip, userAgent };
}
