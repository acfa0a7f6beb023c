import type { FastifyRequest } from 'fastify';
import { createLocalJWKSet, decodeProtectedHeader, errors, type JWK, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { TokenHolder } from '../platform/http/caller.ts';
import { ApiError } from '../platform/http/errors.ts';

/** What a verified token says, kept by its whole header until it expires or the keys change. */
type TokenSubject = Omit<TokenHolder, 'ip' | 'userAgent'> & { readonly expiresAt: number };

export interface GuardOptions {
  readonly issuer: string;
  /** The Management API's identifier. */
  readonly audience: string;
  /** Makes sure that a revoked key is forgotten in time; called at every request. */
  readonly areKeysFresh: () => boolean;
  /** Public keys of now. */
  readonly getKeys: () => Promise<readonly JWK[]>;
  /** Looks for keys that another process made meanwhile; false when it looked a moment ago. */
  readonly reloadKeys: () => Promise<boolean>;
  readonly findClientName: (clientId: string) => Promise<string | undefined>;
}

const cachedTokens = 10_000;

/**
 * Makes the check of bearer tokens: signature, issuer, audience and expiry, with the documented refusals (spec
 * management-api §1.2). A token seen before costs a look-up.
 */
export function createGuard(options: GuardOptions): {
  authenticate(request: FastifyRequest): Promise<TokenHolder>;
  forget(): void;
} {
  const cache = new LRUCache<string, { readonly header: string; readonly subject: TokenSubject }>({
    max: cachedTokens,
  });
  return {
    forget: () => cache.clear(),
    authenticate: async (request) => {
      const header = request.headers.authorization ?? '';
      if (!options.areKeysFresh()) await options.getKeys();
      // The signature finds the entry, the whole header proves it: hashing all of a long token costs more.
      const signature = header.slice(header.lastIndexOf('.') + 1);
      const known = cache.get(signature);
      const cached = known?.header === header ? known.subject : undefined;
      const subject = cached ?? (await verifyToken(readBearerToken(header), options));
      if (subject.expiresAt <= Date.now()) {
        cache.delete(signature);
        throw refuse('Expired token received for JSON Web Token validation');
      }
      if (!cached) cache.set(signature, { header, subject });
      return {
        clientId: subject.clientId,
        clientName: subject.clientName,
        subject: subject.subject,
        scopes: subject.scopes,
        tokenId: subject.tokenId,
        ip: request.ip,
        userAgent: request.headers['user-agent'] ?? '',
      };
    },
  };
}

function readBearerToken(header: string): string {
  if (header === '')
    throw new ApiError(401, undefined, 'Missing authentication', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(header.trim()) ?? [];
  if (!token) throw new ApiError(400, 'Bearer', 'Bad HTTP authentication header format');
  return token;
}

async function verifyToken(token: string, options: GuardOptions): Promise<TokenSubject> {
  const payload = await verifySignature(token, options);
  const { sub, azp, client_id: clientId, scope, exp, jti } = payload;
  const client = typeof azp === 'string' ? azp : clientId;
  if (typeof sub !== 'string' || typeof client !== 'string' || typeof exp !== 'number')
    throw refuse('Invalid token');
  return {
    clientId: client,
    clientName: await options.findClientName(client),
    subject: sub,
    scopes: new Set(typeof scope === 'string' ? scope.split(' ') : []),
    tokenId: typeof jti === 'string' ? jti : undefined,
    expiresAt: exp * 1000,
  };
}

async function verifySignature(token: string, options: GuardOptions): Promise<Record<string, unknown>> {
  const { kid } = readHeader(token);
  let keys = await options.getKeys();
  if (!keys.some((key) => key.kid === kid) && (await options.reloadKeys())) keys = await options.getKeys();
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...keys] }), {
      algorithms: ['RS256'],
      issuer: options.issuer,
      audience: options.audience,
      requiredClaims: ['exp', 'iat', 'sub'],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      throw refuse('Expired token received for JSON Web Token validation');
    if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
      throw refuse('Invalid signature received for JSON Web Token validation');
    }
    if (error instanceof errors.JOSEError) throw refuse('Invalid token');
    throw error;
  }
}

function readHeader(token: string): { kid?: string } {
  try {
    return decodeProtectedHeader(token);
  } catch (error) {
    if (error instanceof TypeError)
      throw new ApiError(400, 'Bearer', 'Bad HTTP authentication header format');
    throw error;
  }
}

function refuse(message: string): ApiError {
  return new ApiError(401, undefined, message, {
    headers: { 'www-authenticate': 'Bearer' },
    extra: { attributes: { error: message } },
  });
}
