import { appendLogEvent } from '../logs/index.ts';
import { findResultUrl, queueWelcomeEmail, redeemTicket } from '../messages/index.ts';
import { describeUserOfEvent, markEmailVerified } from '../users/index.ts';
import { describeVisit, type TicketFailure } from './complete-password-reset.ts';
import type { AccountDependencies, Visitor } from './dependencies.ts';

export type EmailVerificationVerdict =
  | { readonly ok: true; readonly userId: string; readonly resultUrl: string | undefined }
  | TicketFailure;

/**
 * Marks the address as verified that a ticket was sent to (spec authentication-and-extensibility §8.2), and queues the
 * welcome mail. Single use: a second click is told so.
 * @param token what stands behind `?ticket=`
 */
export async function verifyEmail(
  dependencies: AccountDependencies,
  token: string,
  visitor: Visitor,
): Promise<EmailVerificationVerdict> {
  const { database } = dependencies;
  const verdict = await database.transaction().execute(async (transaction) => {
    const redeemed = await redeemTicket(transaction, 'email_verification', token);
    if (!redeemed.ok) {
      if (redeemed.ticket)
        await appendLogEvent(transaction, {
          type: 'fv',
          description: `The link is ${redeemed.reason}.`,
          userId: redeemed.ticket.userId,
          userName: redeemed.ticket.email,
          connectionId: redeemed.ticket.connectionId,
          ...describeVisit(redeemed.ticket, visitor),
        });
      return redeemed;
    }
    const { ticket, identity } = redeemed;
    const user = await markEmailVerified(transaction, redeemed.user.userId, identity);
    await appendLogEvent(transaction, {
      type: 'sv',
      ...describeUserOfEvent(user),
      ...describeVisit(ticket, visitor),
      details: { email: ticket.email },
    });
    await queueWelcomeEmail(transaction, dependencies, {
      user,
      identity: user.identities.find(
        ({ connectionId, userId }) => connectionId === identity.connectionId && userId === identity.userId,
      ),
      clientId: ticket.clientId ?? undefined,
      requestLanguage: visitor.language,
    });
    return redeemed;
  });
  if (verdict.ok) {
    const resultUrl = await findResultUrl(database, verdict.ticket, 'email_verified');
    return { ok: true, userId: verdict.user.userId, resultUrl };
  }
  const { reason, ticket } = verdict;
  return { ok: false, reason, resultUrl: ticket && (await findResultUrl(database, ticket, reason)) };
}
