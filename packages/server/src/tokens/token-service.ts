import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JWK } from 'jose';
import type { Provider } from 'oidc-provider';
import {
  createPartiesMemory,
  type FoundParties,
  findClient,
  managementAudience,
  type PartiesVersion,
} from '../applications/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { TokenHolder } from '../platform/http/caller.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import type { SignIn, Transactions } from '../sign-in/index.ts';
import { getTenantSettings, type SigningKey } from '../tenant/index.ts';
import type { Presentation } from '../users/index.ts';
import { prepareAuthorizationRequest } from './authorization-request.ts';
import { registerCertificate } from './certificate.ts';
import { TokenRefusal } from './errors.ts';
import { finishAnswers } from './finish-answers.ts';
import { createGuard } from './guard.ts';
import { openKeyRing } from './key-ring.ts';
import { type LogoutPages, registerLogout } from './logout/routes.ts';
import { createMachineEvents } from './machine-events.ts';
import { leaveOtherSession } from './other-session.ts';
import { createProvider, type ProviderPages } from './provider.ts';
import { type RequestFacts, rememberFacts } from './request-facts.ts';
import { respondToOAuthError } from './respond-to-error.ts';
import { readSessionLifetimes } from './session-lifetimes.ts';
import { assertNotTooFast, findCallbackOfCode } from './token-preconditions.ts';
import { prepareTokenRequest, readClientParameters, replayRequest } from './token-request.ts';
import { createTransactions } from './transactions.ts';
import type { ListPermissions } from './user-authorization.ts';
import { registerUserinfo } from './userinfo.ts';

export interface TokenServiceOptions {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly publicUrl: string;
  readonly logger: FastifyBaseLogger;
  readonly presentation: Presentation;
  readonly signIn: SignIn;
  readonly listPermissions: ListPermissions;
  readonly pages: ProviderPages & LogoutPages;
}

export interface TokenService {
  readonly transactions: Transactions;
  /** Who holds the request's bearer token. @throws ApiError 400, 401 */
  authenticate(request: FastifyRequest): Promise<TokenHolder>;
  /** Public keys that tokens of this server are verified with, as they are now. */
  getKeys(): Promise<readonly JWK[]>;
  /** Registers the endpoints of the Authentication API that issue, explain and end tokens and sessions. */
  mount(server: FastifyInstance): Promise<void>;
}

/** Discovery documents that browsers and servers of anybody may read. */
const publicPaths = [
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/.well-known/jwks.json',
];

/** Issues and checks tokens: `oidc-provider` behind our routes, and the guard of the Management API. */
export async function createTokenService(options: TokenServiceOptions): Promise<TokenService> {
  const { database, secrets, publicUrl } = options;
  const onMachineToken = createMachineEvents(database);
  const makeProvider = (keys: readonly SigningKey[]) => {
    const made = createProvider({ ...options, keys, onMachineToken });
    finishAnswers(made, { database, publicUrl, keys });
    return { provider: made, callback: made.callback() };
  };
  const ring = await openKeyRing(database, secrets, (keys) => {
    current = makeProvider(keys);
    guard.forget();
  });
  let current: { provider: Provider; callback: ReturnType<Provider['callback']> } = makeProvider(
    await ring.current(),
  );
  const guard = createGuard({
    issuer: `${publicUrl}/`,
    audience: managementAudience(publicUrl),
    areKeysFresh: () => ring.isFresh(),
    getKeys: async () => (await ring.current()).map((key) => key.publicJwk),
    reloadKeys: () => ring.reload(),
    findClientName: async (clientId) => (await findClient(database, secrets, clientId))?.name,
  });

  // Fastify does not wait for answers that it has handed over, whose clients may have left.
  const underWay = new Set<Promise<unknown>>();
  const handOver = async (reply: FastifyReply, replay: IncomingMessage) => {
    await ring.current();
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    const answering = current.callback(replay, reply.raw);
    underWay.add(answering);
    await answering.finally(() => underWay.delete(answering));
  };
  const answer = async (reply: FastifyReply, replay: IncomingMessage) => {
    reply.hijack();
    await handOver(reply, replay);
  };
  const remember = (
    request: FastifyRequest,
    replay: IncomingMessage,
    settings: Readonly<Record<string, unknown>>,
    known: Pick<
      RequestFacts,
      'grantType' | 'audience' | 'malformed' | 'userCode' | 'parties' | 'recalled' | 'issued'
    > = {},
  ): RequestFacts => {
    const userAgent = request.headers['user-agent'] ?? '';
    const forwarded = request.headers['auth0-forwarded-for'];
    const facts: RequestFacts = {
      forwardedIp: typeof forwarded === 'string' && isIP(forwarded.trim()) ? forwarded.trim() : undefined,
      ip: request.ip,
      userAgent,
      lifetimes: readSessionLifetimes(settings),
      ...known,
    };
    rememberFacts(replay, facts);
    return facts;
  };

  const mountBrowserRoutes = (scope: FastifyInstance) => {
    scope.route({
      method: ['GET', 'POST'],
      url: '/authorize',
      handler: async (request, reply) => {
        const settings = await getTenantSettings(database);
        const sent =
          request.method === 'POST'
            ? new URLSearchParams([...readClientParameters(request)])
            : new URL(request.url, publicUrl).searchParams;
        const { prepared, malformed } = prepareOrExplain(sent, { publicUrl, ...readAudienceRules(settings) });
        // A posted request goes on as the same request by GET.
        const url = `/authorize?${prepared}`;
        const replay = replayRequest(request, publicUrl, { method: 'GET', url, isBrowser: true });
        remember(request, replay, settings, {
          audience: prepared.get('original_audience') ?? undefined,
          malformed,
        });
        await answer(reply, replay);
      },
    });
    const passOn = async (request: FastifyRequest, reply: FastifyReply) => {
      const form =
        request.method === 'POST' ? new URLSearchParams([...readClientParameters(request)]) : undefined;
      const replay = replayRequest(request, publicUrl, { form, isBrowser: true });
      remember(request, replay, await getTenantSettings(database));
      await answer(reply, replay);
    };
    const leaveOther = (request: FastifyRequest, reply: FastifyReply) => {
      const replay = replayRequest(request, publicUrl, { isBrowser: true });
      return leaveOtherSession(database, current.provider, current.provider.createContext(replay, reply.raw));
    };
    // oidc-provider shows the form again in a session that is kept already; without one there is none to go on with.
    const passOnWithSession = async (request: FastifyRequest, reply: FastifyReply) => {
      const replay = replayRequest(request, publicUrl, { isBrowser: true });
      const session = await current.provider.Session.get(current.provider.createContext(replay, reply.raw));
      return session.exp === undefined ? reply.redirect('/activate', 303) : passOn(request, reply);
    };
    scope.get('/authorize/:uid', async (request, reply) => {
      await leaveOther(request, reply);
      return passOn(request, reply);
    });
    scope.get('/activate', async (request, reply) => {
      // With a code in the address oidc-provider shows a page of its own, which posts itself; ours asks for a look first.
      const { searchParams } = new URL(request.url, publicUrl);
      const userCode = searchParams.get('user_code')?.slice(0, 40) || undefined;
      searchParams.delete('user_code');
      const replay = replayRequest(request, publicUrl, { url: `/activate?${searchParams}`, isBrowser: true });
      remember(request, replay, await getTenantSettings(database), { userCode });
      await answer(reply, replay);
    });
    scope.post('/activate', passOnWithSession);
    scope.get('/activate/:uid', async (request, reply) =>
      (await leaveOther(request, reply)) ? passOn(request, reply) : passOnWithSession(request, reply),
    );
  };

  const memory = createPartiesMemory(database, secrets);
  const prepare = (
    parameters: Map<string, string>,
    settings: Readonly<Record<string, unknown>>,
    isRecalled: boolean,
  ) => {
    try {
      return prepareTokenRequest(parameters, readAudienceRules(settings), publicUrl);
    } catch (error) {
      // By settings of the tenant that may be others by now.
      if (isRecalled && error instanceof TokenRefusal) return undefined;
      throw error;
    }
  };
  /** @returns whether it is answered; not when the parties were recalled and are others by now */
  const answerToken = async (
    request: FastifyRequest,
    reply: FastifyReply,
    parameters: Map<string, string>,
    { parties, settings }: FoundParties,
    recalled: PartiesVersion | undefined,
  ): Promise<boolean> => {
    const prepared = prepare(parameters, settings, recalled !== undefined);
    if (!prepared) return false;
    const { form, grantType, audience } = prepared;
    await assertNotTooFast(database, grantType, form);
    const callback = await findCallbackOfCode(database, grantType, form);
    if (callback !== undefined) form.set('redirect_uri', callback);
    const replay = replayRequest(request, publicUrl, { form });
    const facts = remember(request, replay, settings, { grantType, audience, parties, recalled, issued: [] });
    await handOver(reply, replay);
    if (facts.isOutdated) return false;
    reply.hijack();
    return true;
  };

  const mountClientRoutes = (scope: FastifyInstance) => {
    scope.post('/oauth/token', async (request, reply) => {
      const parameters = readClientParameters(request);
      const named = { clientId: parameters.get('client_id'), audience: parameters.get('audience') };
      const recalled = isRepeatable(parameters) ? memory.recall(named) : undefined;
      if (recalled) {
        const isAnswered = await answerToken(request, reply, new Map(parameters), recalled, recalled.version);
        if (isAnswered) return;
        for (const name of reply.raw.getHeaderNames()) reply.raw.removeHeader(name);
      }
      await answerToken(request, reply, parameters, await memory.read(named), undefined);
    });
    for (const path of ['/oauth/par', '/oauth/device/code', '/oauth/revoke']) {
      scope.post(path, async (request, reply) => {
        const settings = await getTenantSettings(database);
        const sent = new URLSearchParams([...readClientParameters(request)]);
        const isAuthorization = path !== '/oauth/revoke';
        const form = isAuthorization
          ? prepareAuthorizationRequest(sent, {
              publicUrl,
              ...readAudienceRules(settings),
              isDevice: path === '/oauth/device/code',
            })
          : sent;
        const replay = replayRequest(request, publicUrl, { form });
        remember(request, replay, settings);
        await answer(reply, replay);
      });
    }
    for (const path of publicPaths) {
      scope.get(path, async (request, reply) => {
        reply.header('cache-control', 'public, max-age=5, stale-while-revalidate=5, stale-if-error=86400');
        const url = path.endsWith('oauth-authorization-server') ? publicPaths[0] : path;
        await answer(reply, replayRequest(request, publicUrl, { url }));
      });
    }
  };

  return {
    transactions: createTransactions({ publicUrl, provider: () => current.provider }),
    authenticate: (request) => guard.authenticate(request),
    getKeys: async () => (await ring.current()).map((key) => key.publicJwk),
    mount: async (server) => {
      await server.register(async (scope) => {
        scope.addHook('onClose', async () => {
          await Promise.allSettled(underWay);
        });
        scope.setErrorHandler((error: Error, request, reply) => respondToOAuthError(error, request, reply));
        mountClientRoutes(scope);
        mountBrowserRoutes(scope);
        registerUserinfo(scope, {
          database,
          publicUrl,
          presentation: options.presentation,
          getKeys: () => ring.current(),
        });
        registerCertificate(scope, () => ring.current());
        registerLogout(scope, { ...options, provider: () => current.provider });
      });
    },
  };
}

/**
 * Whether answering the request changes nothing but the log, so that it may be answered twice: an assertion, unlike a
 * secret, is used up.
 */
function isRepeatable(parameters: ReadonlyMap<string, string>): boolean {
  return (
    parameters.get('grant_type') === 'client_credentials' &&
    parameters.has('client_secret') &&
    !parameters.has('client_assertion')
  );
}

/** The request to hand on, or one that says nothing, and why. */
function prepareOrExplain(
  sent: URLSearchParams,
  options: Parameters<typeof prepareAuthorizationRequest>[1],
): { prepared: URLSearchParams; malformed?: TokenRefusal } {
  try {
    return { prepared: prepareAuthorizationRequest(sent, options) };
  } catch (error) {
    if (error instanceof TokenRefusal) return { prepared: new URLSearchParams(), malformed: error };
    throw error;
  }
}

/** How the tenant's requests name the API that they are about (spec authentication §1.2). */
function readAudienceRules(settings: Readonly<Record<string, unknown>>) {
  return {
    defaultAudience: textOf(settings['default_audience']),
    takesResource: settings['resource_parameter_profile'] === 'compatibility',
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
