import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CustomClaims } from '../pipeline/attempt.ts';

/** An authorization request that waits for the person in this browser. */
export interface Transaction {
  /** Names it in addresses and forms. */
  readonly state: string;
  readonly waitsFor: 'sign-in' | 'consent';
  readonly clientId: string;
  /** Name of the connection that the application wants. */
  readonly connection: string | undefined;
  readonly loginHint: string | undefined;
  readonly screenHint: string | undefined;
  /** Language tags, the best first. */
  readonly locales: readonly string[];
  readonly redirectUri: string | undefined;
  /** Identifier of the API. */
  readonly audience: string | undefined;
  readonly scope: string | undefined;
  /** Who is signed in here already. */
  readonly sessionUserId: string | undefined;
  /** What consent is asked for. */
  readonly wantedScope: readonly string[];
}

export type TransactionOutcome =
  | {
      readonly kind: 'signed in';
      readonly userId: string;
      readonly methods: readonly string[];
      readonly claims: CustomClaims;
    }
  /** They are who they say, but may not into this application. */
  | {
      readonly kind: 'denied';
      readonly userId: string;
      readonly methods: readonly string[];
      readonly error: string;
      readonly description: string;
    }
  | { readonly kind: 'consented' }
  | { readonly kind: 'refused'; readonly error: string; readonly description: string };

/** Where authorization requests wait; the token service's, seen from the pages. */
export interface Transactions {
  /** The transaction of this browser; undefined when it is over, expired or of another browser. */
  find(request: FastifyRequest, reply: FastifyReply, state: string): Promise<Transaction | undefined>;
  /** @returns where the browser goes on; undefined as for `find` */
  finish(
    request: FastifyRequest,
    reply: FastifyReply,
    state: string,
    outcome: TransactionOutcome,
  ): Promise<string | undefined>;
}
