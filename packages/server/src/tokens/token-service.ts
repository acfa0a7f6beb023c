import type { IncomingMessage } from 'node:http';
import type { FastifyBaseLogger, FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { findClient, managementAudience } from '../applications/index.ts';
import { appendLogEvent } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { Caller } from '../platform/http/caller.ts';
import { ApiError } from '../platform/http/errors.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { getTenantSettings, type SigningKey } from '../tenant/index.ts';
import { type OAuthErrorBody, TokenRefusal, translateOAuthError } from './errors.ts';
import { createGuard } from './guard.ts';
import { openKeyRing } from './key-ring.ts';
import { createProvider, workingGrants } from './provider.ts';
import { prepareTokenRequest, replayRequest, type TokenRequest } from './token-request.ts';

export interface TokenServiceOptions {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly publicUrl: string;
  readonly logger: FastifyBaseLogger;
}

export interface TokenService {
  /** Who holds the request's bearer token. @throws ApiError 400, 401 */
  authenticate(request: FastifyRequest): Promise<Caller>;
  /** Registers `/oauth/token` and `/.well-known/*`. */
  mount(server: FastifyInstance): Promise<void>;
}

/** Discovery documents that browsers and servers of anybody may read. */
const keysPath = '/.well-known/jwks.json';
const discoveryPath = '/.well-known/openid-configuration';
const publicPaths = [discoveryPath, '/.well-known/oauth-authorization-server', keysPath];

/** Issues and checks tokens: `oidc-provider` behind our routes, and the guard of the Management API. */
export async function createTokenService(options: TokenServiceOptions): Promise<TokenService> {
  const { database, secrets, publicUrl, logger } = options;
  const requests = new WeakMap<IncomingMessage, TokenRequest>();
  const makeCallback = (keys: readonly SigningKey[]) => {
    const provider = createProvider({ database, secrets, publicUrl, logger, keys });
    finishTokenAnswers(provider, { database, publicUrl, requests, keys });
    return provider.callback();
  };
  const ring = await openKeyRing(database, secrets, (keys) => {
    callback = makeCallback(keys);
    guard.forget();
  });
  let callback = makeCallback(await ring.current());
  const guard = createGuard({
    issuer: `${publicUrl}/`,
    audience: managementAudience(publicUrl),
    areKeysFresh: () => ring.isFresh(),
    getKeys: async () => (await ring.current()).map((key) => key.publicJwk),
    reloadKeys: () => ring.reload(),
    findClientName: async (clientId) => (await findClient(database, secrets, clientId))?.name,
  });

  const answer = async (reply: FastifyReply, replay: IncomingMessage) => {
    await ring.current();
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    await callback(replay, reply.raw);
  };

  return {
    authenticate: (request) => guard.authenticate(request),
    mount: async (server) => {
      await server.register(async (scope) => {
        scope.setErrorHandler((error: FastifyError | Error, request, reply) =>
          respondToOAuthError(error, request, reply),
        );
        scope.post('/oauth/token', async (request, reply) => {
          const settings = await readDefaultAudience(database, request.body);
          const { info, form } = prepareTokenRequest(request, settings);
          const replay = replayRequest(request.raw, publicUrl, form);
          requests.set(replay, info);
          await answer(reply, replay);
        });
        for (const path of publicPaths) {
          scope.get(path, async (request, reply) => {
            reply.header(
              'cache-control',
              'public, max-age=5, stale-while-revalidate=5, stale-if-error=86400',
            );
            const replay = replayRequest(request.raw, publicUrl);
            if (path.endsWith('oauth-authorization-server')) replay.url = discoveryPath;
            await answer(reply, replay);
          });
        }
      });
    },
  };
}

/** The tenant's default, read only for requests that name no audience. */
async function readDefaultAudience(database: Database, body: unknown): Promise<string | undefined> {
  if (typeof body === 'object' && body !== null && 'audience' in body && body.audience) return undefined;
  const { default_audience: audience } = await getTenantSettings(database);
  return typeof audience === 'string' && audience !== '' ? audience : undefined;
}

/**
 * Runs around every request of the provider: gives refusals the documented form, and commits the log event before
 * the answer leaves.
 */
function finishTokenAnswers(
  provider: Provider,
  context: {
    readonly database: Database;
    readonly publicUrl: string;
    readonly requests: WeakMap<IncomingMessage, TokenRequest>;
    readonly keys: readonly SigningKey[];
  },
): void {
  provider.use(async (koa: KoaContextWithOIDC, next) => {
    await next();
    if (koa.path === discoveryPath && koa.status === 200) koa.body = describeWhatWorks(Object(koa.body));
    if (koa.path === keysPath && koa.status === 200)
      koa.body = { keys: context.keys.map((key) => key.publicJwk) };
    const request = context.requests.get(koa.req);
    if (!request) return;
    const client = koa.oidc?.client;
    const isRefused = koa.status >= 400;
    if (isRefused) {
      const refusal = translateOAuthError(koa.status, Object(koa.body), {
        grantType: request.grantType,
        publicUrl: context.publicUrl,
      });
      koa.status = refusal.status;
      koa.body = refusal.body;
    }
    koa.set('cache-control', 'no-store');
    koa.set('pragma', 'no-cache');
    if (!client && isRefused) return; // anybody can send garbage; only what a known client did is kept
    const scope: unknown = Reflect.get(Object(koa.body), 'scope');
    await appendLogEvent(context.database, {
      type: isRefused ? 'feccft' : 'seccft',
      description: isRefused ? String(Reflect.get(Object(koa.body), 'error_description')) : '',
      ...(client ? { clientId: client.clientId } : {}),
      ...(client?.clientName ? { clientName: client.clientName } : {}),
      ...(request.audience === undefined ? {} : { audience: request.audience }),
      ...(typeof scope === 'string' ? { scope } : {}),
      ip: request.ip,
      userAgent: request.userAgent,
    });
  });
}

/** The discovery document without what needs the sign-in pages, which are not there yet. */
function describeWhatWorks(document: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { issuer, token_endpoint: tokenEndpoint, jwks_uri: keys } = document;
  return {
    issuer,
    token_endpoint: tokenEndpoint,
    jwks_uri: keys,
    grant_types_supported: workingGrants,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: ['aud', 'exp', 'iat', 'iss', 'sub'],
  };
}

/** Refusals before `oidc-provider` is asked, in its envelope. */
function respondToOAuthError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { status, body } = describeOAuthError(error);
  if (status >= 500) request.log.error({ err: error }, 'request failed');
  reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
}

function describeOAuthError(error: FastifyError | Error): { status: number; body: OAuthErrorBody } {
  if (error instanceof TokenRefusal) {
    return {
      status: error.statusCode,
      body: { error: error.error, error_description: error.error_description ?? error.error },
    };
  }
  const status =
    error instanceof ApiError ? error.statusCode : 'statusCode' in error ? (error.statusCode ?? 500) : 500;
  if (status >= 500)
    return { status, body: { error: 'server_error', error_description: 'Internal Server Error' } };
  return { status, body: { error: 'invalid_request', error_description: error.message } };
}
