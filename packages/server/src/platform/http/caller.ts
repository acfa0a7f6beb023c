/**
 * Who makes an authenticated Management API request, as the token and the connection tell. Goes into the
 * log event of every change.
 */
export interface TokenHolder {
  /** `azp`: the application that the token was issued to. */
  readonly clientId: string;
  /** `sub`: `{client_id}@clients` for machines, a `user_id` for people. */
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
  /** The name of that application, where it is still registered. */
  readonly clientName: string | undefined;
  readonly tokenId: string | undefined;
  readonly ip: string;
  readonly userAgent: string;
}

/** A token's holder with what they may do at this moment. */
export interface Caller extends TokenHolder {
  /**
   * Scopes that the caller may hand on. It bounds what they may get hold of by a detour: accounts, clients and grants that
   * may do more than this are not theirs to change.
   */
  readonly reach: ReadonlySet<string>;
  /** Their role is to look: they change nothing but their own record. */
  readonly isReadOnly: boolean;
}

/** The part of a request that its log event keeps. */
export interface RequestSummary {
  readonly method: string;
  /** With the `/api/v2` base, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Who changes something by which request; what the log event of the change says of it. */
export interface ChangeContext {
  readonly caller: Caller;
  readonly summary: RequestSummary;
  /** The operation's title. */
  readonly title: string;
}
