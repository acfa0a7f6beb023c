import { findApplication } from '../applications/index.ts';
import { type Connection, findConnectionById } from '../connections/index.ts';
import { describeOutcome, inspectTicket } from '../messages/index.ts';
import { ApiError } from '../platform/http/errors.ts';
import { completePasswordReset, type TicketFailure } from './complete-password-reset.ts';
import type { AccountDependencies, Visitor } from './dependencies.ts';
import { type AccountField, AccountRefusal } from './errors.ts';
import { requestPasswordReset } from './request-password-reset.ts';
import { parseSignUp, signUp } from './sign-up.ts';
import { verifyEmail } from './verify-email.ts';

/** What came of it. `description` may be shown; pages that speak other languages go by `code`. */
export type AccountVerdict<T = unknown> =
  | ({ readonly ok: true } & T)
  | {
      readonly ok: false;
      readonly description: string;
      readonly code: AccountRefusal['code'] | TicketFailure['reason'] | 'too_many_requests';
      readonly field?: AccountField;
    };

type Redirected = { readonly resultUrl: string | undefined };

/** What hosted pages have done with accounts. Refusals come as verdicts, to be shown beside the form. */
export interface Accounts {
  signUp(input: {
    readonly clientId: string;
    readonly connection: Connection;
    readonly email?: string | undefined;
    readonly username?: string | undefined;
    readonly phoneNumber?: string | undefined;
    readonly password: string;
    readonly userMetadata?: Readonly<Record<string, unknown>> | undefined;
    readonly visitor: Visitor;
  }): Promise<AccountVerdict<{ readonly userId: string }>>;
  /** The same whether anybody is known by the address; silent also when somebody asks too often. */
  requestPasswordReset(input: {
    readonly clientId: string | undefined;
    readonly connection: Connection;
    /** What the person signs in with: e-mail address, username or phone number. */
    readonly email: string;
    readonly visitor: Visitor;
  }): Promise<void>;
  /** Whether a ticket to choose a new password is good; does not use it up. */
  inspectPasswordReset(token: string): Promise<AccountVerdict<{ readonly connection: Connection }>>;
  /** `isTicketGone`: no other password will do either. */
  completePasswordReset(input: {
    readonly ticket: string;
    readonly password: string;
    readonly visitor: Visitor;
  }): Promise<AccountVerdict<Redirected> & { readonly isTicketGone?: boolean }>;
  verifyEmail(token: string, visitor: Visitor): Promise<AccountVerdict & Partial<Redirected>>;
}

/** Makes the use cases of accounts as the hosted pages call them. */
export function createAccounts(dependencies: AccountDependencies): Accounts {
  const { database, limits } = dependencies;
  return {
    signUp: async ({ clientId, connection, visitor, password, ...input }) => {
      try {
        const body = parseSignUp({
          client_id: clientId,
          connection: connection.name,
          password,
          ...(input.email ? { email: input.email } : {}),
          ...(input.username ? { username: input.username } : {}),
          ...(input.phoneNumber ? { phone_number: input.phoneNumber } : {}),
          ...(input.userMetadata ? { user_metadata: input.userMetadata } : {}),
        });
        await limits.countSignUp(visitor.ip);
        return { ok: true, userId: (await signUp(dependencies, body, visitor)).userId };
      } catch (cause) {
        return toVerdict(cause);
      }
    },

    requestPasswordReset: async ({ clientId, connection, email, visitor }) => {
      const identifier = email.trim();
      if (identifier === '' || identifier.length > 320 || connection.strategy !== 'auth0') return;
      try {
        await limits.countPasswordReset(visitor.ip, identifier);
      } catch (cause) {
        if (cause instanceof ApiError && cause.statusCode === 429) return;
        throw cause;
      }
      const application = clientId === undefined ? undefined : await findApplication(database, clientId);
      await requestPasswordReset(dependencies, { application, connection, identifier }, visitor);
    },

    inspectPasswordReset: async (token) => {
      const verdict = await inspectTicket(database, 'password_change', token);
      if (!verdict.ok)
        return { ok: false, code: verdict.reason, description: describeOutcome(verdict.reason).message };
      const connection = await findConnectionById(database, verdict.identity.connectionId);
      return connection
        ? { ok: true, connection }
        : { ok: false, code: 'expired', description: describeOutcome('expired').message };
    },

    completePasswordReset: async ({ ticket, password, visitor }) => {
      const verdict = await completePasswordReset(dependencies, ticket, password, visitor);
      if (verdict.ok) return { ok: true, resultUrl: verdict.resultUrl };
      if (verdict.reason === 'password') return toVerdict(verdict.refusal);
      return { ...describeFailure(verdict), isTicketGone: true };
    },

    verifyEmail: async (token, visitor) => {
      const verdict = await verifyEmail(dependencies, token, visitor);
      return verdict.ok ? { ok: true, resultUrl: verdict.resultUrl } : describeFailure(verdict);
    },
  };
}

function describeFailure({ reason, resultUrl }: TicketFailure) {
  return { ok: false, code: reason, description: describeOutcome(reason).message, resultUrl } as const;
}

function toVerdict(cause: unknown): Extract<AccountVerdict, { ok: false }> {
  if (cause instanceof AccountRefusal) {
    const { policy } = cause.body;
    return {
      ok: false,
      code: cause.code,
      description: typeof policy === 'string' ? policy : cause.message,
      ...(cause.field === undefined ? {} : { field: cause.field }),
    };
  }
  if (cause instanceof ApiError && cause.statusCode === 429)
    return { ok: false, code: 'too_many_requests', description: cause.message };
  throw cause;
}
