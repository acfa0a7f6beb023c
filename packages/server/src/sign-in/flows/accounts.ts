import type { Connection } from '../../connections/index.ts';

export interface Visitor {
  readonly ip: string;
  readonly userAgent: string;
  /** Of the request's `Accept-Language`. */
  readonly language: string | undefined;
}

export type AccountVerdict<T = unknown> =
  | ({ readonly ok: true } & T)
  /** `description` may be shown. */
  | { readonly ok: false; readonly description: string; readonly field?: 'email' | 'username' | 'password' };

/** What the pages have done with accounts; the module of accounts gives it. */
export interface Accounts {
  signUp(input: {
    readonly clientId: string;
    readonly connection: Connection;
    readonly email: string;
    readonly username: string | undefined;
    readonly password: string;
    readonly visitor: Visitor;
  }): Promise<AccountVerdict<{ readonly userId: string }>>;
  /** Answers the same whether anybody has the address. */
  requestPasswordReset(input: {
    readonly clientId: string | undefined;
    readonly connection: Connection;
    readonly email: string;
    readonly visitor: Visitor;
  }): Promise<void>;
  /** Whether a ticket to choose a new password is good; does not use it up. */
  inspectPasswordReset(ticket: string): Promise<AccountVerdict>;
  completePasswordReset(input: {
    readonly ticket: string;
    readonly password: string;
    readonly visitor: Visitor;
  }): Promise<
    AccountVerdict<{ readonly resultUrl: string | undefined }> & { readonly isTicketGone?: boolean }
  >;
  verifyEmail(
    ticket: string,
    visitor: Visitor,
  ): Promise<
    AccountVerdict<{ readonly resultUrl: string | undefined }> & { readonly resultUrl?: string | undefined }
  >;
}
