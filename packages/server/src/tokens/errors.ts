import { errors } from 'oidc-provider';

/** The body of every refusal of the token endpoint (RFC 6749 §5.2). */
export interface OAuthErrorBody {
  readonly error: string;
  readonly error_description: string;
  readonly error_uri?: string;
}

/** A refusal with a status that `oidc-provider` has no class for. */
export class TokenRefusal extends errors.OIDCProviderError {
  constructor(status: number, error: string, description: string) {
    super(status, error);
    this.error_description = description;
    this.expose = true;
  }
}

/** 403: the API is not known (spec authentication §1.1). */
export const serviceNotFound = (audience: string) =>
  new TokenRefusal(403, 'access_denied', `Service not found: ${audience}`);

/** 403: the client holds no grant for the API. */
export const noClientGrant = (audience: string, publicUrl: string) =>
  new TokenRefusal(
    403,
    'access_denied',
    `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API. See: ${publicUrl}/docs#post-/client-grants`,
  );

/**
 * Gives an error of `oidc-provider` the status and text that clients of the reference expect (spec authentication
 * §1.1); everything else passes as it is.
 */
export function translateOAuthError(
  status: number,
  body: Readonly<Record<string, unknown>>,
  context: {
    readonly grantType: string;
    readonly publicUrl: string;
    /** What `oidc-provider` threw; its detail is not for callers. */
    readonly cause: Error | undefined;
  },
): { status: number; body: OAuthErrorBody } {
  const error = typeof body['error'] === 'string' ? body['error'] : 'server_error';
  const description =
    typeof body['error_description'] === 'string' ? body['error_description'] : 'The request was refused';
  // What we refused ourselves says what it means.
  if (context.cause instanceof TokenRefusal)
    return { status, body: { error, error_description: description } };
  // oidc-provider has called this both ways over its versions; clients of the reference know the second.
  const isAnonymous = description === 'no client authentication mechanism provided';
  const meaning = isAnonymous
    ? 'invalid_client'
    : /grant type is not allowed for this client|is not allowed for this client$/.test(description)
      ? 'unauthorized_client'
      : error;
  switch (meaning) {
    case 'unauthorized_client':
      return {
        status: 403,
        body: {
          error: 'unauthorized_client',
          error_description: `Grant type '${context.grantType}' not allowed for the client.`,
          error_uri: `${context.publicUrl}/docs#patch-/clients/-id-`,
        },
      };
    case 'invalid_client':
      return {
        status: 401,
        body: {
          error: meaning,
          error_description: isAnonymous
            ? 'Client authentication failed: client_id is missing.'
            : 'Client authentication failed: unknown client or wrong secret.',
        },
      };
    case 'unsupported_grant_type':
      return {
        status: 403,
        body: { error, error_description: `Unsupported grant type: ${context.grantType}` },
      };
    case 'invalid_grant':
      return {
        status: 403,
        body: { error, error_description: describeInvalidGrant(context.grantType, context.cause) },
      };
    case 'invalid_target':
      return { status: 403, body: { error: 'access_denied', error_description: description } };
    default:
      return { status, body: { error, error_description: description } };
  }
}

function describeInvalidGrant(grantType: string, cause: Error | undefined): string {
  const detail = explain(cause);
  if (/code_verifier|code_challenge/.test(detail)) return 'Failed to verify code verifier';
  if (grantType === 'refresh_token') return 'Unknown or invalid refresh token.';
  return grantType === 'authorization_code' ? 'Invalid authorization code' : 'Invalid or expired device code';
}

/** Everything that a chain of errors says of its reasons. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const detail: unknown = Reflect.get(error, 'error_detail');
  return [error.message, typeof detail === 'string' ? detail : '', explain(error.cause)].join(' ').trim();
}
