import { randomBytes } from 'node:crypto';
import { toResource } from './resource.ts';
import { innerModeOf } from './response-modes.ts';
import { splitScope, toInnerScope } from './scopes.ts';

/** Parameters beyond those of OpenID Connect that our pages and policies read. */
export const extraParameters = [
  'connection',
  'connection_scope',
  'screen_hint',
  'organization',
  'invitation',
  'correlation_id',
  'original_response_type',
  'original_scope',
  'original_audience',
] as const;

/** Lengths above this are nobody's request; PAR allows 10 KB in all. */
const parameterLimit = 4_096;

/**
 * Makes of an authorization request as the reference takes it (spec authentication §1.2) the one that `oidc-provider`
 * understands: an audience becomes a resource, `token` alone an ID token that is not handed out. Repeated parameters
 * are passed on as they are, and refused there.
 * @param defaultAudience the tenant's
 */
export function prepareAuthorizationRequest(
  sent: URLSearchParams,
  options: {
    readonly publicUrl: string;
    readonly defaultAudience: string | undefined;
    /** Whether a device asks, which gets no answer by redirect. */
    readonly isDevice?: boolean;
  },
): URLSearchParams {
  const request = new URLSearchParams(
    [...sent].filter(([name, value]) => value.length <= parameterLimit && !name.startsWith('original_')),
  );
  // What stands behind a request_uri was prepared when it was pushed.
  if (request.has('request_uri')) return request;
  const audience = request.get('audience') || options.defaultAudience;
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
    if (!request.get('nonce')) request.set('nonce', randomBytes(16).toString('base64url'));
  }
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
  if (request.get('max_age') === '0') request.set('prompt', 'login');
  request.delete('max_age');
}
