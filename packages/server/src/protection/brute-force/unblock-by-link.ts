import { appendLogEvent } from '../../logs/index.ts';
import { findResultUrl, inspectTicket, redeemTicket } from '../../messages/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { describeUserOfEvent } from '../../users/index.ts';
import { deleteFailures } from './failures-store.ts';
import { listLoginNames } from './login-key.ts';

export type UnblockVerdict =
  | { readonly ok: true; readonly resultUrl: string | undefined }
  | {
      readonly ok: false;
      readonly reason: 'unknown' | 'expired' | 'used';
      readonly resultUrl: string | undefined;
    };

/** What the link of the mail about a block does. */
export interface Unblocking {
  /** Whether the link is good; does not use it up. @returns the address that it unblocks; empty: all of them */
  inspect(token: string): Promise<{ readonly ok: true; readonly ip: string } | UnblockVerdict>;
  /** Lifts the block that the mail was about: of any number of calls with one ticket one succeeds. */
  unblock(
    token: string,
    visitor: { readonly ip: string; readonly userAgent: string },
  ): Promise<UnblockVerdict>;
}

export function createUnblocking({ database }: { readonly database: Database }): Unblocking {
  return {
    inspect: async (token) => {
      const verdict = await inspectTicket(database, 'account_unblock', token);
      if (verdict.ok) return { ok: true, ip: verdict.ticket.blockedIp ?? '' };
      const { reason, ticket } = verdict;
      return { ok: false, reason, resultUrl: ticket && (await findResultUrl(database, ticket, reason)) };
    },

    unblock: async (token, { ip, userAgent }) => {
      const verdict = await database.transaction().execute(async (transaction) => {
        const redeemed = await redeemTicket(transaction, 'account_unblock', token);
        if (!redeemed.ok) return redeemed;
        const { ticket, user } = redeemed;
        await deleteFailures(transaction, listLoginNames(user), ticket.blockedIp ?? '');
        await appendLogEvent(transaction, {
          type: 'ublkdu',
          ...describeUserOfEvent(user),
          ...(ticket.clientId === null ? {} : { clientId: ticket.clientId }),
          ip,
          userAgent,
          details: { blocked_ip: ticket.blockedIp },
        });
        return redeemed;
      });
      if (verdict.ok)
        return { ok: true, resultUrl: await findResultUrl(database, verdict.ticket, 'unblocked') };
      const { reason, ticket } = verdict;
      return { ok: false, reason, resultUrl: ticket && (await findResultUrl(database, ticket, reason)) };
    },
  };
}
