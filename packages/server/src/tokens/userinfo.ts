import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createLocalJWKSet, errors, jwtVerify } from 'jose';
import type { Database } from '../platform/database/database.ts';
import { isRecord } from '../platform/is-record.ts';
import type { SigningKey } from '../tenant/index.ts';
import { findUser, type Presentation } from '../users/index.ts';
import { claimsOfUser, selectCustomClaims } from './claims.ts';
import { fromInnerScope, splitScope } from './scopes.ts';
import { findGrantDetails, findNewestGrantDetails, findPayload } from './store.ts';

export interface UserinfoOptions {
  readonly database: Database;
  readonly publicUrl: string;
  readonly presentation: Presentation;
  readonly getKeys: () => Promise<readonly SigningKey[]>;
}

interface Holder {
  readonly userId: string;
  readonly scope: string;
  /** Where the claims of its sign-in are kept: named by opaque tokens, the newest of the client for JWTs. */
  readonly grant: { readonly id: string } | { readonly clientId: string };
}

/** Registers `/userinfo` (spec authentication §1.6). */
export function registerUserinfo(server: FastifyInstance, options: UserinfoOptions): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/userinfo',
    handler: async (request, reply) => {
      const claims = await readClaims(request, options);
      reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
      if (claims) return reply.send(JSON.stringify(claims));
      return reply
        .code(401)
        .header(
          'www-authenticate',
          'Bearer error="invalid_token", error_description="The access token is invalid"',
        )
        .send(JSON.stringify({ error: 'invalid_token', error_description: 'Unauthorized' }));
    },
  });
}

async function readClaims(
  request: FastifyRequest,
  options: UserinfoOptions,
): Promise<Record<string, unknown> | undefined> {
  const token = readToken(request);
  const holder = token === undefined ? undefined : await findHolder(token, options);
  const scopes = new Set(splitScope(holder?.scope));
  if (!holder || !scopes.has('openid')) return undefined;
  const user = await findUser(options.database, holder.userId);
  if (!user || user.isBlocked) return undefined;
  const details =
    'id' in holder.grant
      ? await findGrantDetails(options.database, holder.grant.id)
      : await findNewestGrantDetails(options.database, holder.userId, holder.grant.clientId);
  // What a stolen code or refresh token was exchanged for ends with its family, even if it was written after that.
  if ('id' in holder.grant && !details) return undefined;
  const wanted = isRecord(details?.['claims']) ? details['claims']['idToken'] : undefined;
  const custom = isRecord(wanted)
    ? selectCustomClaims(wanted, { scopes, issuer: `${options.publicUrl}/`, namespacedOnly: false })
    : {};
  return { ...custom, ...claimsOfUser(user, scopes, options.presentation) };
}

/** In the header, or in the form of a POST (RFC 6750 §2). */
function readToken(request: FastifyRequest): string | undefined {
  const [, token] = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization?.trim() ?? '') ?? [];
  if (token !== undefined) return token;
  const inForm = isRecord(request.body) ? request.body['access_token'] : undefined;
  return typeof inForm === 'string' && request.method === 'POST' ? inForm : undefined;
}

async function findHolder(token: string, options: UserinfoOptions): Promise<Holder | undefined> {
  if (token.split('.').length === 3) return verifyHolder(token, options);
  const record = await findPayload(options.database, 'AccessToken', { id: token });
  if (!record?.userId || !record.grantId || (record.expiresAt && record.expiresAt.getTime() <= Date.now()))
    return undefined;
  return {
    userId: record.userId,
    scope: fromInnerScope(record.payload.scope) ?? '',
    grant: { id: record.grantId },
  };
}

async function verifyHolder(token: string, options: UserinfoOptions): Promise<Holder | undefined> {
  const keys = (await options.getKeys()).map((key) => key.publicJwk);
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys }), {
      algorithms: ['RS256'],
      issuer: `${options.publicUrl}/`,
      audience: `${options.publicUrl}/userinfo`,
      requiredClaims: ['exp', 'sub'],
    });
    const { sub, scope, azp: clientId = payload['client_id'] } = payload;
    if (typeof sub !== 'string' || typeof scope !== 'string' || typeof clientId !== 'string')
      return undefined;
    return { userId: sub, scope, grant: { clientId } };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
