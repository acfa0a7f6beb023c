import { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { TokenRefusal } from './errors.ts';
import { toResource } from './resource.ts';

/** What is remembered of a request while `oidc-provider` answers it. */
export interface TokenRequest {
  readonly grantType: string;
  readonly audience: string | undefined;
  readonly clientId: string | undefined;
  readonly ip: string;
  readonly userAgent: string;
}

export interface PreparedTokenRequest {
  readonly info: TokenRequest;
  /** The form to hand on: `resource` in the place of `audience`, credentials as parameters. */
  readonly form: URLSearchParams;
}

/** Longer than any real parameter; assertions of JWTs stay below. */
const parameterLimit = 16_384;

/**
 * Reads a token request sent as JSON or as a form, with the client's credentials in either place (spec
 * authentication §1.1), and makes the one form that `oidc-provider` understands.
 * @param defaultAudience the tenant's, for requests that name none
 * @throws TokenRefusal
 */
export function prepareTokenRequest(
  request: FastifyRequest,
  defaultAudience: string | undefined,
): PreparedTokenRequest {
  const parameters = readParameters(request.body);
  const basic = readBasicCredentials(request.headers.authorization);
  if (basic) {
    const sent = parameters.get('client_id');
    if (sent !== undefined && sent !== basic.id)
      throw new TokenRefusal(400, 'invalid_request', 'client_id differs from the Authorization header');
    parameters.set('client_id', basic.id);
    parameters.set('client_secret', basic.secret);
  }
  const grantType = parameters.get('grant_type') ?? '';
  const audience = parameters.get('audience') || defaultAudience;
  parameters.delete('audience');
  if (grantType === 'client_credentials' && audience === undefined) {
    throw new TokenRefusal(
      403,
      'access_denied',
      'No audience parameter was provided, and no default audience has been configured',
    );
  }
  if (audience !== undefined) parameters.set('resource', toResource(audience));
  return {
    info: {
      grantType,
      audience,
      clientId: parameters.get('client_id'),
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? '',
    },
    form: new URLSearchParams([...parameters]),
  };
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
 * A fresh request with the given body, as if it came in under the public URL: `oidc-provider` reads bodies from a
 * stream, and ours was read already.
 */
export function replayRequest(
  original: IncomingMessage,
  publicUrl: string,
  body?: URLSearchParams,
): IncomingMessage {
  const { host, protocol } = new URL(publicUrl);
  const replay = new ReplayedRequest(original.socket);
  replay.method = original.method;
  replay.url = original.url;
  replay.httpVersion = original.httpVersion;
  const bytes = body === undefined ? undefined : Buffer.from(body.toString());
  replay.headers = {
    accept: 'application/json',
    ...(original.headers['user-agent'] === undefined ? {} : { 'user-agent': original.headers['user-agent'] }),
    ...(original.headers.origin === undefined ? {} : { origin: original.headers.origin }),
    host,
    'x-forwarded-host': host,
    'x-forwarded-proto': protocol.slice(0, -1),
    ...(bytes
      ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(bytes.length) }
      : {}),
  };
  if (bytes) replay.push(bytes);
  replay.push(null);
  return replay;
}
