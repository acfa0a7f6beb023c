import { createLocalJWKSet, decodeProtectedHeader, errors, type JWK, jwtVerify } from 'jose';
import { LinkRefusedError } from './errors.ts';

/**
 * Whom an ID token is about, once it is proven to be one of ours for the calling application.
 * @param clientId `azp` of the calling token
 * @returns the user's id
 * @throws LinkRefusedError
 */
export async function readLinkToken(
  token: string,
  options: {
    readonly issuer: string;
    readonly clientId: string;
    readonly getKeys: () => Promise<readonly JWK[]>;
  },
): Promise<string> {
  const payload = await verify(token, options);
  if (typeof payload['sub'] !== 'string' || payload['sub'] === '') throw new LinkRefusedError('noSubject');
  const audience = payload['aud'];
  if (audience === undefined || audience === '') throw new LinkRefusedError('invalidAudience');
  const audiences: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
  // An access token of ours is for an API; it proves nothing of an application.
  if (audiences.length !== 1 || audiences[0] !== options.clientId)
    throw new LinkRefusedError('wrongAudience');
  return payload['sub'];
}

async function verify(
  token: string,
  { issuer, getKeys }: { readonly issuer: string; readonly getKeys: () => Promise<readonly JWK[]> },
): Promise<Record<string, unknown>> {
  try {
    if (decodeProtectedHeader(token).alg !== 'RS256') throw new LinkRefusedError('wrongAlgorithm');
    const keys = createLocalJWKSet({ keys: [...(await getKeys())] });
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer,
      requiredClaims: ['exp'],
    });
    return payload;
  } catch (cause) {
    if (cause instanceof errors.JWTClaimValidationFailed && cause.claim === 'iss')
      throw new LinkRefusedError('wrongIssuer', { cause });
    if (cause instanceof errors.JOSEError || cause instanceof TypeError)
      throw new LinkRefusedError('invalidToken', { cause });
    throw cause;
  }
}
