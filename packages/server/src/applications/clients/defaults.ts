import { InvalidBodyError } from '../../platform/http/errors.ts';

type Settings = Record<string, unknown>;

/**
 * What the server fills in when a client is made (spec management-api §1.9): the answer holds what was sent and
 * these.
 */
export function withDefaultSettings(sent: Readonly<Settings>): Settings {
  const method = sent['token_endpoint_auth_method'] ?? defaultAuthMethod(sent);
  return {
    is_token_endpoint_ip_header_trusted: false,
    oidc_conformant: sent['app_type'] === 'express_configuration' || sent['app_type'] === 'resource_server',
    sso_disabled: false,
    cross_origin_auth: false,
    cross_origin_authentication: false,
    callback_url_template: false,
    custom_login_page_on: true,
    grant_types: defaultGrantTypes(sent['app_type'], method),
    ...(method === undefined ? {} : { token_endpoint_auth_method: method }),
    ...sent,
    jwt_configuration: defaultJwtConfiguration(sent),
    refresh_token: sent['refresh_token'] ?? defaultRefreshToken(method),
  };
}

/** Applications in browsers and on phones can keep no secret (spec authentication §1.1). */
function defaultAuthMethod(sent: Readonly<Settings>): 'none' | undefined {
  const isPublic = sent['app_type'] === 'spa' || sent['app_type'] === 'native';
  return isPublic && !sent['client_authentication_methods'] ? 'none' : undefined;
}

function defaultGrantTypes(appType: unknown, method: unknown): string[] {
  if (appType === 'resource_server') return [];
  if (appType === 'express_configuration') return ['authorization_code', 'client_credentials'];
  const types = ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'];
  return method === 'none' ? types.filter((type) => type !== 'client_credentials') : types;
}

function defaultJwtConfiguration(sent: Readonly<Settings>): unknown {
  const { jwt_configuration: configuration, app_type: appType } = sent;
  if (typeof configuration === 'object' && configuration !== null)
    return { secret_encoded: false, ...configuration };
  return appType === 'express_configuration' || appType === 'resource_server'
    ? { alg: 'RS256', secret_encoded: false }
    : { lifetime_in_seconds: 36_000, secret_encoded: false };
}

function defaultRefreshToken(method: unknown): Settings {
  const isPost = method === 'client_secret_post';
  return {
    rotation_type: 'non-rotating',
    expiration_type: 'non-expiring',
    leeway: 0,
    token_lifetime: isPost ? 31_557_600 : 2_592_000,
    infinite_token_lifetime: true,
    idle_token_lifetime: isPost ? 2_592_000 : 1_296_000,
    infinite_idle_token_lifetime: true,
  };
}

/** Objects that PATCH merges at their first level (spec management-api §1.10); all else is replaced. */
const mergedKeys = new Set([
  'jwt_configuration',
  'mobile',
  'native_social_login',
  'session_transfer',
  'client_metadata',
  'addons',
  'refresh_token',
]);

const maximumMetadataKeys = 10;

/**
 * Applies a change to the stored settings; `null` removes, at the root and inside merged objects.
 * @throws InvalidBodyError when the metadata grow beyond what one body may hold
 */
export function mergeSettings(stored: Readonly<Settings>, change: Readonly<Settings>): Settings {
  const merged = new Map(Object.entries(stored));
  for (const [key, value] of Object.entries(change)) {
    if (value === null) merged.delete(key);
    else if (mergedKeys.has(key) && isObject(value)) {
      const inner = new Map(Object.entries(isObject(merged.get(key)) ? Object(merged.get(key)) : {}));
      for (const [innerKey, innerValue] of Object.entries(value)) {
        if (innerValue === null) inner.delete(innerKey);
        else inner.set(innerKey, innerValue);
      }
      merged.set(key, Object.fromEntries(inner));
    } else merged.set(key, value);
  }
  const size = Object.keys(Object(merged.get('client_metadata'))).length;
  if (size > maximumMetadataKeys) {
    throw new InvalidBodyError(
      `Payload validation error: 'Too many properties defined (${size}), maximum ${maximumMetadataKeys}' on property client_metadata.`,
    );
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
