import type { IncomingMessage } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Parties, PartiesVersion } from '../applications/index.ts';
import type { CustomClaims } from '../sign-in/index.ts';
import type { User } from '../users/index.ts';
import type { TokenRefusal } from './errors.ts';
import type { SessionLifetimes } from './session-lifetimes.ts';
import type { PayloadWrite } from './store.ts';

/** What is known of a request before `oidc-provider` sees it, and what it made of it. */
export interface RequestFacts {
  readonly ip: string;
  readonly userAgent: string;
  /** The person's address as the client states it. */
  readonly forwardedIp?: string | undefined;
  readonly lifetimes: SessionLifetimes;
  /** Why an authorization request cannot be handed on. */
  readonly malformed?: TokenRefusal | undefined;
  /** At the token endpoint. */
  readonly grantType?: string | undefined;
  readonly audience?: string | undefined;
  /** The client and the API that the request names, where they were read already. */
  readonly parties?: Parties | undefined;
  /** Set where `parties` were recalled: the answer counts only if they are found unchanged as it is written. */
  readonly recalled?: PartiesVersion | undefined;
  /** The write of the event of an answer to a machine, begun while its token is signed: whether they were so. */
  eventUnderWay?: Promise<boolean>;
  /** Whether they were not, so that the request is to be answered again. */
  isOutdated?: boolean;
  /** At `/activate`: the code that a device put into the address. */
  readonly userCode?: string | undefined;
  /** The scope that the tokens of the answer have, in words of the client. */
  scope?: string | undefined;
  /** Claims that the sign-in of this request wants on tokens. */
  claims?: CustomClaims | undefined;
  /** How `oidc-provider` explains a refusal; not for the caller. */
  refusal?: Error | undefined;
  /** At the token endpoint: what the answer issues, to be written with its event before it leaves. */
  readonly issued?: PayloadWrite[];
  /** Who the tokens are for, where the grant itself found out. */
  user?: User;
  /** Whether the authorization endpoint answered with tokens or a code. */
  isAuthorized?: boolean;
}

const facts = new WeakMap<IncomingMessage, RequestFacts>();

export function rememberFacts(request: IncomingMessage, known: RequestFacts): void {
  facts.set(request, known);
}

/** The facts of the request that a context of `oidc-provider` answers. */
export function factsOf(context: Pick<KoaContextWithOIDC, 'req'>): RequestFacts | undefined {
  return facts.get(context.req);
}
