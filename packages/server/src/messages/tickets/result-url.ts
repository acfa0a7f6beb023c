import { findApplication } from '../../applications/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { getActiveTemplate } from '../templates/active-template.ts';
import { isWebUrl } from '../templates/check-template.ts';
import { renderLiquid } from '../templates/liquid.ts';
import { describeApplication } from '../templates/variables.ts';
import type { TicketRecord } from './store.ts';

export type TicketOutcome =
  | 'email_verified'
  | 'password_changed'
  | 'unblocked'
  | 'expired'
  | 'used'
  | 'unknown';

const templateOfKind = {
  email_verification: 'verify_email',
  password_change: 'reset_email',
  account_unblock: 'blocked_account',
} as const;

/** The texts that applications get (spec authentication-and-extensibility §8.1, §8.2). */
const outcomes: Readonly<
  Record<TicketOutcome, { readonly success: boolean; readonly message: string; readonly code?: string }>
> = {
  email_verified: {
    success: true,
    message: 'Your email was verified. You can continue using the application.',
  },
  password_changed: {
    success: true,
    message: 'You can now login to the application with the new password.',
  },
  unblocked: { success: true, message: 'Your account was unblocked. You can now login to the application.' },
  expired: { success: false, message: 'Access expired.', code: 'access_expired' },
  used: { success: false, message: 'This URL can be used only once', code: 'used_ticket' },
  unknown: { success: false, message: 'Access expired.', code: 'access_expired' },
};

/** What a page says of an outcome, and what the redirect carries. */
export function describeOutcome(outcome: TicketOutcome): {
  readonly success: boolean;
  readonly message: string;
  readonly code?: string;
} {
  return outcomes[outcome];
}

/**
 * Where the browser goes after a ticket: its own result URL, else the template's, with `success`, `message`,
 * `code` for a failure, and `email` where that was asked for.
 * @returns undefined when nobody named a URL: the page then shows the outcome itself
 */
export async function findResultUrl(
  database: Database,
  ticket: TicketRecord,
  outcome: TicketOutcome,
): Promise<string | undefined> {
  const { settings } = await getActiveTemplate(database, templateOfKind[ticket.kind]);
  const base = ticket.resultUrl ?? (await renderResultUrl(database, settings.resultUrl, ticket.clientId));
  if (base === undefined || !isWebUrl(base)) return undefined;
  const includesEmail = ticket.includesEmail ?? settings.includeEmailInRedirect ?? false;
  return addOutcome(base, outcome, includesEmail ? ticket.email : undefined);
}

/** Adds an outcome to the query of a URL; what stands there already stays, in its own form. */
export function addOutcome(base: string, outcome: TicketOutcome, email: string | undefined): string {
  const { success, message, code } = outcomes[outcome];
  const url = new URL(base);
  const parameters = {
    ...(email === undefined ? {} : { email }),
    success: String(success),
    message,
    ...(code === undefined ? {} : { code }),
  };
  const added = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  url.search = [...(url.search.length > 1 ? [url.search.slice(1)] : []), ...added].join('&');
  return url.href;
}

/** A template's result URL knows the application alone; one that fails is none. */
async function renderResultUrl(
  database: Database,
  source: string | null | undefined,
  clientId: string | null,
): Promise<string | undefined> {
  if (!source) return undefined;
  const application = clientId === null ? undefined : await findApplication(database, clientId);
  try {
    return renderLiquid(source, 'text', describeApplication(application)).trim();
  } catch {
    // Its syntax was checked when it was saved; what is left is a limit, and the user is better off with our own page.
    return undefined;
  }
}
