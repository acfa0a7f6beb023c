import type { Connection } from '../../connections/index.ts';
import type { PasswordWatch } from '../../protection/index.ts';
import type { CredentialsAhead, Identity, SourceProfile, User } from '../../users/index.ts';

/** What a person shows to be let in. */
export type Evidence =
  | {
      readonly kind: 'password';
      /** E-mail address, username or phone number, as typed. */
      readonly identifier: string;
      readonly password: string;
    }
  /** Somebody else vouches for the person: the sign-up that has just made the account, an upstream provider. */
  | {
      readonly kind: 'vouched';
      readonly userId: string;
      readonly connectionId: string;
      /** What the connection says of the person now. */
      readonly profile?: SourceProfile | undefined;
    }
  /** An earlier sign-in, which a session or a refresh token stands for. */
  | { readonly kind: 'remembered'; readonly user: User };

/**
 * Why somebody comes through the list; each step says for which of these it acts.
 * - `login`: they prove who they are, and are counted.
 * - `session`: the session of an earlier login opens another application.
 * - `silent`: the same without a page (`prompt=none`): what needs the person is refused.
 * - `refresh`: a refresh token is exchanged.
 */
export type SignInKind = 'login' | 'session' | 'silent' | 'refresh';

/** How the person came; rules, logs and statistics are told. */
export type SignInProtocol =
  | 'oidc-basic-profile'
  | 'oauth2-password'
  | 'oauth2-device-code'
  | 'oauth2-refresh-token';

/** A request to sign in, whatever the protocol. */
export interface SignInRequest {
  readonly kind: SignInKind;
  readonly protocol: SignInProtocol;
  readonly clientId: string;
  readonly clientName: string | undefined;
  /** Name or realm of a connection; absent: the client's databases are asked who knows the identifier. */
  readonly connection: string | undefined;
  readonly evidence: Evidence;
  readonly audience: string | undefined;
  readonly scope: string | undefined;
  readonly ip: string;
  readonly userAgent: string;
  /** A language tag or an `Accept-Language` header, for the mails that come of it. */
  readonly language?: string | undefined;
}

/** Claims that steps want on tokens, before names are checked and scopes applied. */
export interface CustomClaims {
  readonly idToken: Readonly<Record<string, unknown>>;
  readonly accessToken: Readonly<Record<string, unknown>>;
}

/** A sign-in on its way through the steps; each adds what it found out. */
export interface SignInAttempt {
  readonly request: SignInRequest;
  readonly startedAt: Date;
  connection?: Connection;
  user?: User;
  identity?: Identity;
  /** Puts what the connection said into the user, as stored by then. */
  refresh?: (user: User) => User;
  /** Counts wrong passwords; absent where none are counted. */
  watch?: PasswordWatch;
  /** What was read of the person together with what the watch needs. */
  ahead?: CredentialsAhead;
  claims: CustomClaims;
  /** Authentication methods, as `amr` names them. */
  methods: string[];
}

/** Why somebody was not let in. The texts are those that applications of the reference know. */
export interface SignInRefusal {
  readonly kind:
    | 'unknown_connection'
    | 'wrong_credentials'
    | 'blocked'
    | 'too_many_attempts'
    | 'password_leaked'
    | 'denied';
  /** HTTP status at the token endpoint. */
  readonly status: number;
  /** Error code at the token endpoint. */
  readonly error: string;
  /** Error code in a redirect. */
  readonly redirectError: string;
  readonly description: string;
  /** The log's code for it; absent where the step has written its event itself. */
  readonly logType?: 'f' | 'fp' | 'fu';
}

export type SignInOutcome =
  | {
      readonly ok: true;
      readonly user: User;
      readonly identity: Identity;
      readonly connection: Connection;
      readonly claims: CustomClaims;
      readonly methods: readonly string[];
    }
  | {
      readonly ok: false;
      readonly refusal: SignInRefusal;
      readonly user?: User;
      /** Who the person proved to be, though they may not in; how is in `methods`. */
      readonly verified?: { readonly user: User; readonly methods: readonly string[] };
    };

export const wrongCredentials = (logType: 'fp' | 'fu'): SignInRefusal => ({
  kind: 'wrong_credentials',
  status: 403,
  error: 'invalid_grant',
  redirectError: 'access_denied',
  description: 'Wrong email or password.',
  logType,
});

export const userIsBlocked: SignInRefusal = {
  kind: 'blocked',
  status: 401,
  error: 'unauthorized',
  redirectError: 'unauthorized',
  description: 'user is blocked',
  logType: 'f',
};

/** For whoever it is, known or not: the same words. */
export const tooManyAttempts: SignInRefusal = {
  kind: 'too_many_attempts',
  status: 429,
  error: 'too_many_attempts',
  redirectError: 'too_many_attempts',
  description:
    "Your account has been blocked after multiple consecutive login attempts. We've sent you a notification via your preferred contact method with instructions on how to unblock it.",
  logType: 'f',
};

export const unknownConnection = (name: string | undefined): SignInRefusal => ({
  kind: 'unknown_connection',
  status: 403,
  error: 'invalid_grant',
  redirectError: 'invalid_request',
  description:
    name === undefined
      ? 'No database connection is enabled for the client.'
      : 'the connection was not found or is not enabled for the client',
  logType: 'f',
});
