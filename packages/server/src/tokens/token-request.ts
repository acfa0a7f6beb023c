import { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { deviceCodeGrant } from './client-metadata.ts';
import { TokenRefusal } from './errors.ts';
import { toResource } from './resource.ts';
import { toInnerScope } from './scopes.ts';

export interface PreparedTokenRequest {
  readonly grantType: string;
  readonly audience: string | undefined;
  /** The form to hand on: `resource` in the place of `audience`, credentials as parameters. */
  readonly form: URLSearchParams;
}

/** Grants whose audience was settled before: they take no default. */
const continuingGrants = new Set(['authorization_code', 'refresh_token', deviceCodeGrant]);

/** Longer than any real parameter; assertions of JWTs stay below. */
const parameterLimit = 16_384;

/**
 * Makes the one form that `oidc-provider` understands of a token request.
 * @param parameters of the request, by `readClientParameters`; they are changed
 * @param tenant its audience for requests that name none, and whether it takes `resource` for one
 * @throws TokenRefusal
 */
export function prepareTokenRequest(
  parameters: Map<string, string>,
  tenant: { readonly defaultAudience: string | undefined; readonly takesResource: boolean },
  publicUrl: string,
): PreparedTokenRequest {
  const grantType = parameters.get('grant_type') ?? '';
  const audience =
    parameters.get('audience') ||
    (tenant.takesResource ? parameters.get('resource') : undefined) ||
    (continuingGrants.has(grantType) ? undefined : tenant.defaultAudience);
  parameters.delete('audience');
  parameters.delete('resource');
  if (grantType === 'client_credentials' && audience === undefined) {
    throw new TokenRefusal(
      403,
      'access_denied',
      'No audience parameter was provided, and no default audience has been configured',
    );
  }
  if (audience !== undefined && !isProfile(audience, publicUrl))
    parameters.set('resource', toResource(audience));
  const scope = parameters.get('scope');
  const isOfUser = grantType !== 'client_credentials';
  if (isOfUser && (scope !== undefined || !continuingGrants.has(grantType)))
    parameters.set('scope', toInnerScope(scope ?? ''));
  // An empty redirect_uri or verifier is none at all.
  for (const name of ['redirect_uri', 'code_verifier', 'scope'])
    if (parameters.get(name) === '') parameters.delete(name);
  return { grantType, audience, form: new URLSearchParams([...parameters]) };
}

const isProfile = (audience: string, publicUrl: string) => audience === `${publicUrl}/userinfo`;

/**
 * The parameters of a request with client authentication, sent as JSON or as a form, with the credentials in either place
 * (spec authentication §1.1); Basic credentials become parameters.
 * @throws TokenRefusal
 */
export function readClientParameters(request: FastifyRequest): Map<string, string> {
  const parameters = readParameters(request.body);
  const basic = readBasicCredentials(request.headers.authorization);
  if (!basic) return parameters;
  const sent = parameters.get('client_id');
  if (sent !== undefined && sent !== basic.id)
    throw new TokenRefusal(400, 'invalid_request', 'client_id differs from the Authorization header');
  parameters.set('client_id', basic.id);
  if (basic.secret !== '') parameters.set('client_secret', basic.secret);
  return parameters;
}

function readParameters(body: unknown): Map<string, string> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new TokenRefusal(400, 'invalid_request', 'Send the parameters as a JSON object or as a form.');
  }
  const parameters = new Map<string, string>();
  for (const [name, value] of Object.entries(body)) {
    if (value === null || value === undefined) continue;
    const text = name === 'scope' && Array.isArray(value) ? value.join(' ') : value;
    if (typeof text === 'number' || typeof text === 'boolean') {
      parameters.set(name, String(text));
      continue;
    }
    if (typeof text !== 'string') {
      const hint =
        name === 'scope' ? 'Scope must be an array or a string' : `${name.slice(0, 100)} must be a string`;
      throw new TokenRefusal(400, name === 'scope' ? 'invalid_scope' : 'invalid_request', hint);
    }
    if (text.length > parameterLimit)
      throw new TokenRefusal(400, 'invalid_request', `${name.slice(0, 100)} is too long`);
    parameters.set(name, text);
  }
  return parameters;
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined; many clients forget to, so plain text is taken too. */
function readBasicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const [, encoded] = /^Basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(header ?? '') ?? [];
  if (!encoded) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0 || text.includes('\0'))
    throw new TokenRefusal(401, 'invalid_client', 'The Authorization header holds no client credentials');
  return { id: decodePart(text.slice(0, colon)), secret: decodePart(text.slice(colon + 1)) };
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** A request whose body is in memory: nothing is to be read from the socket any more. */
class ReplayedRequest extends IncomingMessage {
  override complete = true;

  override _read(): void {}
}

/**
 * A fresh request, as if it came in under the public URL: `oidc-provider` reads bodies from a stream, and ours was
 * read already.
 */
export function replayRequest(
  original: FastifyRequest,
  publicUrl: string,
  options: {
    readonly method?: string;
    /** Path and query; default: those of the original. */
    readonly url?: string | undefined;
    readonly form?: URLSearchParams | undefined;
    /** Whether a person's browser asks: cookies are handed on, and pages answered. */
    readonly isBrowser?: boolean;
  } = {},
): IncomingMessage {
  const { host, protocol } = new URL(publicUrl);
  const { raw } = original;
  const replay = new ReplayedRequest(raw.socket);
  replay.method = options.method ?? raw.method;
  replay.url = options.url ?? raw.url;
  replay.httpVersion = raw.httpVersion;
  const bytes = options.form === undefined ? undefined : Buffer.from(options.form.toString());
  const keep = (name: 'user-agent' | 'origin' | 'cookie' | 'accept-language') =>
    raw.headers[name] === undefined ? {} : { [name]: raw.headers[name] };
  replay.headers = {
    accept: options.isBrowser ? 'text/html' : 'application/json',
    ...keep('user-agent'),
    ...keep('origin'),
    ...(options.isBrowser ? { ...keep('cookie'), ...keep('accept-language') } : {}),
    host,
    'x-forwarded-host': host,
    'x-forwarded-proto': protocol.slice(0, -1),
    'x-forwarded-for': original.ip,
    ...(bytes
      ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(bytes.length) }
      : {}),
  };
  if (bytes) replay.push(bytes);
  replay.push(null);
  return replay;
}
