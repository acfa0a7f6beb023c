import type { ResourceServer } from '../applications/index.ts';

/** A JWT access token before it is signed: what `oidc-provider` made of it. */
export interface UnsignedToken {
  header?: Record<string, unknown> | undefined;
  payload: Record<string, unknown>;
}

/** Of whom, for what and how a token was got. */
export interface TokenFacts {
  readonly subject: string;
  readonly clientId: string;
  readonly audience: string | readonly string[];
  readonly scope: string | undefined;
  /** How, where the dialect says so: `client-credentials`, `password`, `refresh_token`. */
  readonly grantType: string | readonly string[] | undefined;
  readonly permissions: readonly string[] | undefined;
  readonly custom: Readonly<Record<string, unknown>>;
}

/**
 * Gives an access token the claims of its API's dialect (spec authentication §2.4): `iss sub aud azp iat exp scope gty`
 * for `access_token`, RFC 9068's for the others.
 */
export function shapeAccessToken(
  token: UnsignedToken,
  facts: TokenFacts,
  api: Pick<ResourceServer, 'tokenDialect'>,
): void {
  const { iss, iat, exp, jti } = token.payload;
  const shared = {
    ...facts.custom,
    iss,
    sub: facts.subject,
    aud: facts.audience,
    iat,
    exp,
    ...(facts.scope === undefined ? {} : { scope: facts.scope }),
    ...(facts.permissions === undefined ? {} : { permissions: facts.permissions }),
  };
  if (api.tokenDialect.startsWith('rfc9068')) {
    token.header = { typ: 'at+jwt' };
    token.payload = { ...shared, jti, client_id: facts.clientId };
    return;
  }
  token.header = { typ: 'JWT' };
  const grantType = facts.grantType === undefined ? {} : { gty: facts.grantType };
  token.payload = { ...shared, ...grantType, azp: facts.clientId, jti };
}
