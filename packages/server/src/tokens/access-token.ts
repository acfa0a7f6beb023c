import type { ResourceServer } from '../applications/index.ts';

/** A JWT access token before it is signed: what `oidc-provider` made of it. */
export interface UnsignedToken {
  header?: Record<string, unknown> | undefined;
  payload: Record<string, unknown>;
}

/**
 * Gives a machine's access token the claims of its API's dialect (spec authentication §2.4): `iss sub aud azp iat
 * exp scope gty` for `access_token`, RFC 9068's for the others.
 */
export function shapeMachineToken(
  token: UnsignedToken,
  clientId: string,
  api: Pick<ResourceServer, 'tokenDialect'>,
): void {
  const { iss, aud, iat, exp, scope, jti } = token.payload;
  const sub = `${clientId}@clients`;
  const scopeClaim = scope === undefined ? {} : { scope };
  if (api.tokenDialect.startsWith('rfc9068')) {
    token.header = { typ: 'at+jwt' };
    token.payload = { iss, sub, aud, iat, exp, ...scopeClaim, jti, client_id: clientId };
    return;
  }
  token.header = { typ: 'JWT' };
  token.payload = { iss, sub, aud, iat, exp, ...scopeClaim, gty: 'client-credentials', azp: clientId, jti };
}
