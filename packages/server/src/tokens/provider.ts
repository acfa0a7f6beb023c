import type { FastifyBaseLogger } from 'fastify';
import { type AdapterPayload, type ClientMetadata, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import {
  findClient,
  findClientGrant,
  findResourceServer,
  type ResourceServer,
} from '../applications/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import type { SigningKey } from '../tenant/index.ts';
import { shapeMachineToken } from './access-token.ts';
import { createAdapterClass } from './adapter.ts';
import { noClientGrant, serviceNotFound } from './errors.ts';
import { fromResource } from './resource.ts';

export interface ProviderOptions {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly publicUrl: string;
  readonly logger: FastifyBaseLogger;
  readonly keys: readonly SigningKey[];
}

/** Grants that work today; a client may list more, which are refused until they do. */
export const workingGrants = ['client_credentials'];

/**
 * Configures the OpenID provider on our routes, clients, APIs and keys. Keys are fixed at construction: a rotation
 * makes a new provider.
 */
export function createProvider(options: ProviderOptions): Provider {
  const { database, secrets, publicUrl } = options;
  const apis = new WeakMap<object, ResourceServer>();
  const findClientMetadata = async (id: string): Promise<AdapterPayload | undefined> => {
    const client = await findClient(database, secrets, id);
    if (!client) return undefined;
    const metadata: ClientMetadata = {
      client_id: client.clientId,
      client_name: client.name,
      ...(client.secret === undefined ? {} : { client_secret: client.secret }),
      // Both ways to send a secret are accepted: the route turns Basic into parameters.
      token_endpoint_auth_method:
        client.tokenEndpointAuthMethod === 'none' || client.secret === undefined
          ? 'none'
          : 'client_secret_post',
      ...describeGrants(client.grantTypes.filter((grant) => workingGrants.includes(grant))),
    };
    return { ...metadata };
  };

  const provider = new Provider(`${publicUrl}/`, {
    adapter: createAdapterClass(database, findClientMetadata),
    jwks: { keys: orderForSigning(options.keys).map((key) => ({ ...key.publicJwk, ...key.privateJwk })) },
    routes: {
      authorization: '/authorize',
      token: '/oauth/token',
      userinfo: '/userinfo',
      revocation: '/oauth/revoke',
      jwks: '/.well-known/jwks.json',
      end_session: '/oidc/logout',
      device_authorization: '/oauth/device/code',
      pushed_authorization_request: '/oauth/par',
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => [],
        useGrantedResource: () => true,
        getResourceServerInfo: async (context, resource, client) => {
          const audience = fromResource(resource);
          const api = await findResourceServer(database, secrets, audience);
          if (!api) throw serviceNotFound(audience);
          const grant = await findClientGrant(database, client.clientId, audience);
          if (!grant || api.clientPolicy === 'deny_all') throw noClientGrant(audience, publicUrl);
          const granted =
            grant.scopes === 'all'
              ? [...api.scopes]
              : grant.scopes.filter((scope) => api.scopes.includes(scope));
          narrowScopes(context, granted);
          apis.set(context, api);
          return {
            scope: granted.join(' '),
            audience,
            accessTokenTTL: api.tokenLifetime,
            accessTokenFormat: 'jwt',
            jwt: { sign: signingOf(api) },
          };
        },
      },
    },
    scopes: ['openid', 'offline_access'],
    ttl: { ClientCredentials: (_context, token) => token.resourceServer?.accessTokenTTL ?? 86_400 },
    clientDefaults: { id_token_signed_response_alg: 'RS256' },
    formats: {
      customizers: {
        jwt: async (context, token, unsigned) => {
          const api = apis.get(context);
          if (api && token.clientId) shapeMachineToken(unsigned, token.clientId, api);
        },
      },
    },
    findAccount: () => undefined,
    interactions: { url: () => '/u/login' },
    cookies: { keys: options.keys.map((key) => String(key.privateJwk.d).slice(0, 43)) },
  });
  // The route hands over requests that name the public URL as their own.
  provider.proxy = true;
  provider.on('server_error', (_context, error) =>
    options.logger.error({ err: error }, 'the token endpoint failed'),
  );
  return provider;
}

/** A client without any grant is none to `oidc-provider`: it gets one that leads nowhere, as no such request is routed. */
function describeGrants(
  grants: string[],
): Pick<ClientMetadata, 'grant_types' | 'redirect_uris' | 'response_types'> {
  return grants.length > 0
    ? { grant_types: grants, redirect_uris: [], response_types: [] }
    : {
        grant_types: ['authorization_code'],
        redirect_uris: ['https://unused.invalid/'],
        response_types: ['code'],
      };
}

/** The keystore signs with the first key that fits: the current one. */
function orderForSigning(keys: readonly SigningKey[]): SigningKey[] {
  return [...keys].sort((a, b) => Number(b.status === 'current') - Number(a.status === 'current'));
}

/** Without `scope` a machine gets all that its grant allows; asked ones beyond it are dropped (spec authentication §1.5). */
function narrowScopes(context: KoaContextWithOIDC, granted: readonly string[]): void {
  const { params } = context.oidc;
  if (!params) return;
  const asked =
    typeof params['scope'] === 'string' && params['scope'].trim() !== ''
      ? params['scope'].trim().split(/\s+/)
      : undefined;
  params['scope'] = asked
    ? asked.filter((scope) => granted.includes(scope)).join(' ') || undefined
    : granted.join(' ') || undefined;
}

function signingOf(api: ResourceServer): { alg: 'RS256' } | { alg: 'HS256'; key: Buffer } {
  return api.signingAlg === 'HS256' && api.signingSecret !== undefined
    ? { alg: 'HS256', key: Buffer.from(api.signingSecret) }
    : { alg: 'RS256' };
}
