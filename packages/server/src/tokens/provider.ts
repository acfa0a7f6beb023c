import { currentUserScopes } from '@muster/contract';
import type { FastifyBaseLogger } from 'fastify';
import { type AdapterPayload, type ErrorOut, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { type Client, findClient, type ResourceServer } from '../applications/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import type { DeviceCodeState, SignIn } from '../sign-in/index.ts';
import type { SigningKey } from '../tenant/index.ts';
import type { Presentation } from '../users/index.ts';
import { createAccountFinder } from './account.ts';
import { createAdapterClass } from './adapter.ts';
import { adjustProvider } from './adjust-provider.ts';
import { admitRefresh } from './admission.ts';
import { claimsByScope } from './claims.ts';
import {
  describeClient,
  extraClientProperties,
  passwordGrant,
  passwordRealmGrant,
  settingsOfClient,
} from './client-metadata.ts';
import { createTokenCustomizer, type TokenCustomizerOptions } from './customize-token.ts';
import { describeDeviceCode } from './device-code-state.ts';
import { clientAssertionAlgorithms, idTokenAlgorithms } from './discovery.ts';
import { createExtraParameters } from './extra-parameters.ts';
import { createGrantLoader } from './grant-loader.ts';
import { createPasswordHandler, passwordParameters } from './grants/password.ts';
import { createPolicy } from './interaction-policy.ts';
import { describeHolder, isSessionOver, keepForLater, leewayOf, restoreFacts } from './records.ts';
import { refreshLifetime } from './refresh-lifetime.ts';
import { factsOf } from './request-facts.ts';
import { readRequestedLocales } from './requested-locales.ts';
import { createResourceFinder } from './resource-servers.ts';
import { registerResponseModes } from './response-modes.ts';
import { staticScopes, wantsOfflineAccess } from './scopes.ts';
import { remainingLifetime } from './session-lifetimes.ts';
import { findErrorPage } from './tenant-error-page.ts';
import { bindToBrowser } from './transaction-cookie.ts';
import type { ListPermissions } from './user-authorization.ts';

export interface ProviderOptions {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly publicUrl: string;
  readonly logger: FastifyBaseLogger;
  readonly keys: readonly SigningKey[];
  readonly presentation: Presentation;
  readonly signIn: SignIn;
  readonly listPermissions: ListPermissions;
  readonly pages: ProviderPages;
  readonly onMachineToken: TokenCustomizerOptions['onMachineToken'];
}

/** What `oidc-provider` shows people itself; everything else is a page of the sign-in flows. */
export interface ProviderPages {
  /** The language of all of them, given what the application asked for. */
  language(context: KoaContextWithOIDC, requested: readonly string[]): Promise<string>;
  error(context: KoaContextWithOIDC, requested: readonly string[], problem: ErrorOut): Promise<string>;
  deviceCode(
    context: KoaContextWithOIDC,
    requested: readonly string[],
    form: { readonly csrf: string; readonly state: DeviceCodeState },
  ): Promise<string>;
  deviceConfirmation(
    context: KoaContextWithOIDC,
    requested: readonly string[],
    form: { readonly csrf: string; readonly userCode: string; readonly clientName: string },
  ): Promise<string>;
  deviceConnected(context: KoaContextWithOIDC, requested: readonly string[]): Promise<string>;
}

/** Seconds. */
const lifetimes = {
  code: 600,
  deviceCode: 900,
  pushedRequest: 30,
  transaction: 3_600,
  opaqueToken: 86_400,
  opaqueTokenForWeb: 7_200,
  tenYears: 315_360_000,
};

/** Where a transaction waits for the person, by what it waits for. */
export const interactionPaths: Readonly<Record<string, string>> = {
  login: '/u/login',
  signup: '/u/signup',
  consent: '/u/consent',
};

/** The APIs that requests are about, found while `oidc-provider` resolves the resource. */
export type ApisOfRequests = WeakMap<object, ResourceServer>;

/**
 * Configures the OpenID provider on our routes, clients, APIs, users and keys. Keys are fixed at construction: a
 * rotation makes a new provider.
 */
export function createProvider(options: ProviderOptions): Provider {
  const { database, secrets, publicUrl, pages } = options;
  const apis: ApisOfRequests = new WeakMap();
  const ownScopes = [...currentUserScopes];
  const { signIn, listPermissions } = options;
  const authorization = { database, publicUrl, apis, listPermissions, ownScopes, signIn };
  const findResource = createResourceFinder({ database, secrets, publicUrl, apis });
  /** A client that is remembered is described once. */
  const described = new WeakMap<Client, AdapterPayload>();
  const findClientMetadata = async (id: string) => {
    const known = Provider.ctx && factsOf(Provider.ctx)?.parties?.client;
    const client = known?.clientId === id ? known : await findClient(database, secrets, id);
    if (!client) return undefined;
    const description = described.get(client) ?? describeClient(client);
    described.set(client, description);
    return description;
  };

  const showError = async (context: KoaContextWithOIDC, problem: ErrorOut) => {
    const requested = readRequestedLocales(context);
    const address = await findErrorPage(database, context, problem, () => pages.language(context, requested));
    if (address !== undefined) return context.redirect(address);
    context.type = 'html';
    context.body = await pages.error(context, requested, problem);
  };

  const provider: Provider = new Provider(`${publicUrl}/`, {
    adapter: createAdapterClass({
      database,
      secrets,
      findClientMetadata,
      describeHolder: (model, payload) => describeHolder(Provider.ctx, model, payload),
      isSessionOver: async (record) => isSessionOver(Provider.ctx, record),
      onFound: (model, record) => restoreFacts(Provider.ctx, model, record),
      keepForLater: (write) => keepForLater(Provider.ctx, write),
      leewayOf: (model) => leewayOf(Provider.ctx, model),
    }),
    jwks: { keys: orderForSigning(options.keys).map((key) => ({ ...key.publicJwk, ...key.privateJwk })) },
    routes: {
      authorization: '/authorize',
      token: '/oauth/token',
      revocation: '/oauth/revoke',
      jwks: '/.well-known/jwks.json',
      device_authorization: '/oauth/device/code',
      code_verification: '/activate',
      pushed_authorization_request: '/oauth/par',
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      // Answered by userinfo.ts, which takes our JWTs as well.
      userinfo: { enabled: false },
      // Answered by logout.ts, with the allow-lists of the tenant.
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: true },
      dPoP: { enabled: false },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: async (context, form, problem, error) => {
          const state = await describeDeviceCode(context, problem, error);
          context.status = state.kind === 'asked' || state.kind === 'declined' ? 200 : 400;
          context.type = 'html';
          context.body = await pages.deviceCode(context, readRequestedLocales(context), {
            csrf: readCsrf(form),
            state,
          });
        },
        userCodeConfirmSource: async (context, form, client, _device, userCode) => {
          context.type = 'html';
          context.body = await pages.deviceConfirmation(context, readRequestedLocales(context), {
            csrf: readCsrf(form),
            userCode,
            clientName: client.clientName ?? client.clientId,
          });
        },
        successSource: async (context) => {
          context.type = 'html';
          context.body = await pages.deviceConnected(context, readRequestedLocales(context));
        },
      },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, client, token) =>
          token.kind === 'RefreshToken' && token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => true,
        getResourceServerInfo: findResource,
      },
    },
    scopes: staticScopes,
    // What a scope opens is decided in claims.ts; these names are let through as they come.
    claims: { acr: null, amr: null, auth_time: null, iss: null, openid: ['sub', 'sid'], ...claimsByScope },
    conformIdTokenClaims: false,
    enabledJWA: {
      idTokenSigningAlgValues: [...idTokenAlgorithms],
      clientAuthSigningAlgValues: [...clientAssertionAlgorithms],
    },
    responseTypes: [
      'code',
      'id_token',
      'id_token token',
      'code id_token',
      'code token',
      'code id_token token',
    ],
    pkce: {
      required: (_context, client) => {
        const settings = settingsOfClient(client);
        return settings.isPublic || !settings.isFirstParty;
      },
    },
    extraParams: createExtraParameters(database),
    extraClientMetadata: { properties: extraClientProperties },
    clientAuthMethods: ['client_secret_post', 'client_secret_basic', 'private_key_jwt', 'none'],
    allowOmittingSingleRegisteredRedirectUri: false,
    expiresWithSession: () => false,
    ttl: {
      AccessToken: (context, token) =>
        token.resourceServer?.accessTokenTTL ??
        (token.gty === 'implicit' && context ? lifetimes.opaqueTokenForWeb : lifetimes.opaqueToken),
      AuthorizationCode: lifetimes.code,
      ClientCredentials: (_context, token) => token.resourceServer?.accessTokenTTL ?? lifetimes.opaqueToken,
      DeviceCode: lifetimes.deviceCode,
      Grant: lifetimes.tenYears,
      IdToken: (_context, _token, client) => settingsOfClient(client).idTokenLifetime,
      Interaction: lifetimes.transaction,
      PushedAuthorizationRequest: lifetimes.pushedRequest,
      RefreshToken: (_context, token, client) =>
        refreshLifetime(settingsOfClient(client).refresh, token.iiat ?? Math.floor(Date.now() / 1000)),
      Session: (context, session) => {
        const facts = factsOf(context);
        return facts
          ? Math.max(1, remainingLifetime(facts.lifetimes, session.loginTs))
          : lifetimes.transaction;
      },
    },
    issueRefreshToken: (context, client, source) => {
      const api = apis.get(context);
      return (
        client.grantTypeAllowed('refresh_token') &&
        wantsOfflineAccess(source.scope) &&
        (api === undefined || api.allowsOfflineAccess)
      );
    },
    rotateRefreshToken: ({ oidc }) =>
      oidc.client ? settingsOfClient(oidc.client).refresh.isRotating : false,
    loadExistingGrant: createGrantLoader(authorization),
    findAccount: createAccountFinder({
      ...options,
      admitRefresh: (context, user, scope) => admitRefresh(options, context, user, scope),
    }),
    interactions: {
      policy: createPolicy(authorization),
      url: (context, interaction) => {
        const hint = String(interaction.params['screen_hint'] ?? '');
        const isLogin = interaction.prompt.name === 'login';
        const page = isLogin && hint === 'signup' ? 'signup' : interaction.prompt.name;
        bindToBrowser(context, interaction.uid, lifetimes.transaction);
        // Who comes back to a finished sign-in is sent to where the application begins one.
        const query = new URLSearchParams({
          state: interaction.uid,
          client: String(interaction.params['client_id'] ?? ''),
        });
        return `${publicUrl}${interactionPaths[page] ?? '/u/login'}?${query}`;
      },
    },
    formats: {
      // A grant's id is shown by the Management API and opens nothing; callers send it in 30 characters at most.
      bitsOfOpaqueRandomness: (_context, token) => (token.kind === 'Grant' ? 126 : 256),
      customizers: {
        jwt: createTokenCustomizer({ ...authorization, onMachineToken: options.onMachineToken }),
      },
    },
    cookies: {
      names: { session: 'auth0', interaction: '_interaction', resume: '_resume' },
      long: { httpOnly: true, sameSite: publicUrl.startsWith('https:') ? 'none' : 'lax', path: '/' },
      short: { httpOnly: true, sameSite: 'lax', path: '/u' },
      keys: [secrets.sign('cookies', 'oidc-provider').toString('base64url')],
    },
    renderError: showError,
  });
  // The route hands over requests that name the public URL as their own.
  provider.proxy = true;
  adjustProvider(provider);
  // What cannot be handed on at all is shown to the person like every other refusal.
  provider.use(async (context: KoaContextWithOIDC, next) => {
    const malformed = factsOf(context)?.malformed;
    if (!malformed) return next();
    context.status = malformed.statusCode;
    await showError(context, malformed);
  });
  registerResponseModes(provider);
  const handlePassword = createPasswordHandler(provider, { ...options, ...authorization, findResource });
  for (const grant of [passwordGrant, passwordRealmGrant])
    provider.registerGrantType(grant, handlePassword, passwordParameters);
  provider.on('server_error', (_context, error) =>
    options.logger.error({ err: error }, 'the authorization server failed'),
  );
  const noteRefusal = (context: KoaContextWithOIDC, error: Error) => {
    const facts = factsOf(context);
    if (facts) facts.refusal = error;
  };
  provider.on('grant.error', noteRefusal);
  provider.on('authorization.error', noteRefusal);
  provider.on('authorization.success', (context) => {
    const facts = factsOf(context);
    if (facts) facts.isAuthorized = true;
  });
  return provider;
}

/** `oidc-provider` makes the token of its device forms itself and shows it in the form alone. */
function readCsrf(form: string): string {
  return /name="xsrf" value="([^"]+)"/.exec(form)?.[1] ?? '';
}

/** The keystore signs with the first key that fits: the current one. */
function orderForSigning(keys: readonly SigningKey[]): SigningKey[] {
  return [...keys].sort((a, b) => Number(b.status === 'current') - Number(a.status === 'current'));
}
