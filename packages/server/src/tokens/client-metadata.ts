import { createPublicKey } from 'node:crypto';
import type { AdapterPayload, Client as ProviderClient } from 'oidc-provider';
import type { Client } from '../applications/index.ts';

/** Grants that the token endpoint answers; a client may list more, which are refused until they work. */
export const passwordGrant = 'password';
export const passwordRealmGrant = 'http://auth0.com/oauth/grant-type/password-realm';
export const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';
export const workingGrants = [
  'client_credentials',
  'authorization_code',
  'implicit',
  'refresh_token',
  passwordGrant,
  passwordRealmGrant,
  deviceCodeGrant,
];

/** How a client's refresh tokens behave (spec authentication §1.5); lifetimes in seconds, `undefined` without end. */
export interface RefreshPolicy {
  readonly isRotating: boolean;
  /** Seconds in which a rotated token still works. */
  readonly leeway: number;
  readonly absoluteLifetime: number | undefined;
  readonly idleLifetime: number | undefined;
}

/** What our policies read of a client. */
export interface ClientSettings {
  readonly isFirstParty: boolean;
  readonly callbacks: readonly string[];
  readonly logoutUrls: readonly string[];
  readonly webOrigins: readonly string[];
  readonly isSsoDisabled: boolean;
  readonly isPublic: boolean;
  readonly isOidcConformant: boolean;
  /** Seconds. */
  readonly idTokenLifetime: number;
  readonly refresh: RefreshPolicy;
  /** Whether the address in `auth0-forwarded-for` counts as the person's, from a client that proved itself. */
  readonly isForwardedAddressTrusted: boolean;
}

/** Whoever `oidc-provider` hands around is one of these; what it made of their metadata stands beside. */
const settingsKey = 'muster_settings';
export const extraClientProperties = [settingsKey];

/** Our settings of a client that `oidc-provider` loaded by `describeClient`. */
export function settingsOfClient(client: ProviderClient): ClientSettings {
  const settings: unknown = Reflect.get(client, settingsKey);
  if (!isClientSettings(settings))
    throw new Error(`client ${client.clientId} was not loaded by describeClient`);
  return settings;
}

function isClientSettings(value: unknown): value is ClientSettings {
  return typeof value === 'object' && value !== null && 'refresh' in value;
}

/**
 * A client as `oidc-provider` reads it. Callbacks are compared by our own rules (wildcards), so that it gets one that
 * leads nowhere.
 */
export function describeClient(client: Client): AdapterPayload {
  const settings = readClientSettings(client);
  const keys = readPublicKeys(client);
  // Who can keep no secret has nothing to prove itself by.
  const grants = client.grantTypes.filter(
    (grant) => workingGrants.includes(grant) && !(settings.isPublic && grant === 'client_credentials'),
  );
  const isConfidential = client.secret !== undefined && !settings.isPublic;
  const jwt = object(client.settings['jwt_configuration']);
  const method = keys.length > 0 ? 'private_key_jwt' : settings.isPublic ? 'none' : 'client_secret_post';
  return {
    client_id: client.clientId,
    client_name: client.name,
    // Both ways to send a secret are accepted: the route turns Basic into parameters.
    token_endpoint_auth_method: method,
    ...(isConfidential && keys.length === 0 ? { client_secret: client.secret } : {}),
    ...(keys.length > 0 ? { jwks: { keys } } : {}),
    id_token_signed_response_alg:
      isConfidential && keys.length === 0 && jwt['alg'] === 'HS256' ? 'HS256' : 'RS256',
    grant_types: grants.length > 0 ? grants : ['authorization_code'],
    response_types: responseTypesOf(grants),
    redirect_uris: ['https://callback.invalid/'],
    require_pushed_authorization_requests: client.settings['require_pushed_authorization_requests'] === true,
    [settingsKey]: settings,
  };
}

function responseTypesOf(grants: readonly string[]): NonNullable<AdapterPayload['response_types']> {
  const code = grants.includes('authorization_code');
  const implicit = grants.includes('implicit');
  const types: NonNullable<AdapterPayload['response_types']> = [
    ...(code ? (['code'] as const) : []),
    ...(implicit ? (['id_token', 'id_token token'] as const) : []),
    ...(code && implicit ? (['code id_token', 'code token', 'code id_token token'] as const) : []),
  ];
  // None at all would be an invalid client; this one is refused by its grant types.
  return types.length > 0 || grants.length > 0 ? types : ['code'];
}

export function readClientSettings(client: Client): ClientSettings {
  const { settings } = client;
  const keys = readPublicKeys(client);
  const isPublic =
    keys.length === 0 && (client.tokenEndpointAuthMethod === 'none' || client.secret === undefined);
  const lifetime = object(settings['jwt_configuration'])['lifetime_in_seconds'];
  return {
    isFirstParty: client.isFirstParty,
    callbacks: texts(settings['callbacks']),
    logoutUrls: texts(settings['allowed_logout_urls']),
    webOrigins: [...texts(settings['web_origins'])],
    isSsoDisabled: settings['sso_disabled'] === true,
    isPublic,
    isOidcConformant: settings['oidc_conformant'] === true,
    idTokenLifetime: typeof lifetime === 'number' && lifetime >= 1 ? Math.floor(lifetime) : 36_000,
    refresh: readRefreshPolicy(object(settings['refresh_token']), settings['app_type'] === 'spa'),
    isForwardedAddressTrusted: settings['is_token_endpoint_ip_header_trusted'] === true && !isPublic,
  };
}

function readRefreshPolicy(policy: Readonly<Record<string, unknown>>, isSpa: boolean): RefreshPolicy {
  const isRotating = isSpa || policy['rotation_type'] === 'rotating';
  const expires = isRotating || policy['expiration_type'] === 'expiring';
  const seconds = (name: string) => (typeof policy[name] === 'number' ? policy[name] : undefined);
  const absolute =
    expires && policy['infinite_token_lifetime'] !== true
      ? (seconds('token_lifetime') ?? 2_592_000)
      : undefined;
  const idle =
    expires && policy['infinite_idle_token_lifetime'] !== true
      ? (seconds('idle_token_lifetime') ?? 1_296_000)
      : undefined;
  return { isRotating, leeway: seconds('leeway') ?? 0, absoluteLifetime: absolute, idleLifetime: idle };
}

/** The keys that a client proves itself by, out of the PEM texts of its credentials. */
function readPublicKeys(client: Client): Record<string, unknown>[] {
  const methods = object(client.settings['client_authentication_methods']);
  const credentials = object(methods['private_key_jwt'])['credentials'];
  if (!Array.isArray(credentials)) return [];
  return credentials.flatMap((credential: unknown) => {
    const { pem, alg } = object(credential);
    if (typeof pem !== 'string') return [];
    try {
      const jwk = createPublicKey(pem).export({ format: 'jwk' });
      return [{ ...jwk, use: 'sig', ...(typeof alg === 'string' ? { alg } : {}) }];
    } catch {
      // Not a key that OpenSSL reads: the client cannot have signed anything by it.
      return [];
    }
  });
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
