import { TokenRefusal } from './errors.ts';
import { toResource } from './resource.ts';
import { innerModeOf } from './response-modes.ts';
import { splitScope, toInnerScope } from './scopes.ts';

/** Lengths above this are nobody's request; PAR allows 10 KB in all. */
const parameterLimit = 4_096;

/**
 * Makes of an authorization request as the reference takes it (spec authentication §1.2) the one that `oidc-provider`
 * understands: an audience becomes a resource, `token` alone an ID token that is not handed out. Repeated parameters
 * are passed on as they are, and refused there. What it changed stands beside under `original_…`.
 * @throws TokenRefusal
 */
export function prepareAuthorizationRequest(
  sent: URLSearchParams,
  options: {
    readonly publicUrl: string;
    /** The tenant's. */
    readonly defaultAudience: string | undefined;
    /** Whether the tenant takes `resource` for an audience. */
    readonly takesResource: boolean;
    /** Whether a device asks, which gets no answer by redirect. */
    readonly isDevice?: boolean;
  },
): URLSearchParams {
  const request = new URLSearchParams([...sent].filter(([name]) => !name.startsWith('original_')));
  for (const [name, value] of request) {
    if (value.length > parameterLimit)
      throw new TokenRefusal(400, 'invalid_request', `${name.slice(0, 100)} is too long`);
  }
  // What stands behind a request_uri was prepared when it was pushed.
  if (request.has('request_uri')) return request;
  const audience =
    request.get('audience') ||
    (options.takesResource ? request.get('resource') : undefined) ||
    options.defaultAudience;
  request.delete('audience');
  request.delete('resource');
  request.delete('claims');
  if (audience !== undefined && audience !== `${options.publicUrl}/userinfo`) {
    request.set('resource', toResource(audience));
    request.set('original_audience', audience);
  }
  const responseType = splitScope(request.get('response_type') ?? undefined)
    .sort()
    .join(' ');
  const scope = request.get('scope') ?? '';
  request.set('original_scope', scope);
  // No refresh token comes of the authorization endpoint.
  const wanted =
    responseType.includes('code') || options.isDevice
      ? scope
      : splitScope(scope)
          .filter((name) => name !== 'offline_access')
          .join(' ');
  request.set('scope', toInnerScope(wanted));
  if (responseType === 'token') {
    request.set('original_response_type', 'token');
    request.set('response_type', 'id_token token');
    request.set('scope', toInnerScope(`openid ${wanted}`));
  }
  completeNonce(request);
  dropWhatNeedsOpenid(request);
  // The old default of RFC 7636 §4.3 is a plain challenge, which is not taken.
  const prompts = splitScope(request.get('prompt') ?? undefined).map((prompt) =>
    prompt === 'select_account' ? 'login' : prompt,
  );
  if (request.has('prompt')) {
    if (prompts.length === 0) request.delete('prompt');
    else request.set('prompt', [...new Set(prompts)].join(' '));
  }
  if (options.isDevice) return request;
  const redirectUri = request.get('redirect_uri');
  if (redirectUri?.includes('#')) request.set('redirect_uri', redirectUri.slice(0, redirectUri.indexOf('#')));
  const mode = innerModeOf(request.get('response_mode') ?? undefined, responseType);
  if (mode) request.set('response_mode', mode);
  return request;
}

/** Parameters that mean nothing without an ID token are no error to the reference. */
function dropWhatNeedsOpenid(request: URLSearchParams): void {
  if (splitScope(request.get('scope') ?? undefined).includes('openid')) return;
  for (const name of ['acr_values', 'claims_locales', 'id_token_hint', 'nonce']) request.delete(name);
  const maxAge = request.get('max_age');
  request.delete('max_age');
  if (maxAge) request.set('original_max_age', maxAge);
}

/**
 * `oidc-provider` wants a nonce of whoever gets an ID token by redirect. Where the application sent none, one stands in for
 * it until the client is known, which may do without or not (extra-parameters.ts).
 */
function completeNonce(request: URLSearchParams): void {
  if (request.get('nonce') || !splitScope(request.get('response_type') ?? '').includes('id_token')) return;
  request.set('nonce', 'none');
  request.set('original_nonce', 'none');
}
