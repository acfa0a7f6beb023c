import { setTimeout as wait } from 'node:timers/promises';
import { ConfigError } from '../platform/config-error.ts';

/** A running Muster, called over its Management API as any other client does. */
export interface ServerClient {
  readonly url: string;
  /** @throws ServerRefusal, ServerUnreachableError */
  call(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<unknown>;
  /** The same for bodies of other kinds, tried once: the caller knows how to go on. */
  send(method: 'POST' | 'PUT', path: string, body: FormData | Buffer): Promise<unknown>;
  /** What the client may do here. @throws ServerRefusal, ServerUnreachableError */
  readScopes(): Promise<ReadonlySet<string>>;
}

/** The server's answer to a request that it refused. */
export class ServerRefusal extends Error {
  readonly status: number;
  /** What it answered. */
  readonly body: unknown;

  constructor(status: number, message: string, body?: unknown) {
    super(message);
    this.name = 'ServerRefusal';
    this.status = status;
    this.body = body;
  }
}

export class ServerUnreachableError extends Error {
  constructor(url: string, options: { cause: unknown }) {
    const { cause } = options;
    const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    const reason = inner instanceof Error ? inner.message || Reflect.get(inner, 'code') : String(inner);
    super(
      `${url} cannot be reached: ${reason}. Is Muster running there? --url names another address.`,
      options,
    );
    this.name = 'ServerUnreachableError';
  }
}

/** Milliseconds before each further try of a call that may be made again. */
const pauses = [500, 1_000, 2_000, 5_000, 10_000];

/**
 * Signs in with a machine-to-machine client: that of the environment, as the server's own start takes it.
 * @throws ConfigError without credentials, ServerRefusal, ServerUnreachableError
 */
export async function openServer(
  url: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ServerClient> {
  const base = (url ?? (environment['MUSTER_PUBLIC_URL'] || 'http://localhost:3000')).replace(/\/+$/, '');
  const id = environment['MUSTER_MANAGEMENT_CLIENT_ID'];
  const secret = environment['MUSTER_MANAGEMENT_CLIENT_SECRET'];
  if (!id || !secret)
    throw new ConfigError(
      'Set MUSTER_MANAGEMENT_CLIENT_ID and MUSTER_MANAGEMENT_CLIENT_SECRET to a client with a grant for the Management API; the first start of the server printed one.',
    );
  let token = '';
  let scopes: ReadonlySet<string> = new Set();
  let expiresAt = 0;
  const authorize = async () => {
    if (Date.now() < expiresAt) return token;
    const answer = await request(base, '/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: id,
        client_secret: secret,
        audience: `${await readIssuer(base)}api/v2/`,
      }),
    });
    token = readText(answer, 'access_token');
    scopes = new Set(String(readProperty(answer, 'scope') ?? '').split(' '));
    // Renewed early: an upload may take longer than what is left.
    expiresAt = Date.now() + Math.min(Number(readProperty(answer, 'expires_in')) / 2, 3_600) * 1000;
    return token;
  };
  const once = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: RequestInit['body'],
  ) =>
    request(base, `/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${await authorize()}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  return {
    url: base,
    call: (method, path, body) =>
      retrying(() =>
        once(
          method,
          path,
          { 'content-type': 'application/json' },
          body === undefined ? undefined : JSON.stringify(body),
        ),
      ),
    send: (method, path, body) =>
      body instanceof FormData
        ? once(method, path, {}, body)
        : once(method, path, { 'content-type': 'application/octet-stream' }, new Uint8Array(body)),
    readScopes: async () => {
      await retrying(authorize);
      return scopes;
    },
  };
}

/** The audience follows the server's own name, which need not be the address that it is reached by. */
async function readIssuer(base: string): Promise<string> {
  return readText(await request(base, '/.well-known/openid-configuration', {}), 'issuer');
}

/** Tries again while the server cannot be reached or says that it is overloaded. */
export async function retrying<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const pause of pauses) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await wait(pause);
    }
  }
  return work();
}

/** Whether the same request may succeed a little later. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof ServerUnreachableError ||
    (error instanceof ServerRefusal && (error.status === 429 || error.status >= 500))
  );
}

async function request(base: string, path: string, init: RequestInit): Promise<unknown> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(base + path, init);
    text = await answer.text();
  } catch (cause) {
    throw new ServerUnreachableError(base, { cause });
  }
  const body = text === '' ? undefined : parse(text);
  if (answer.ok) return body;
  const message = readProperty(body, 'message') ?? readProperty(body, 'error_description');
  throw new ServerRefusal(
    answer.status,
    typeof message === 'string' ? message : `HTTP ${answer.status}`,
    body,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function readProperty(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** @throws when the server answered something else */
export function readText(value: unknown, name: string): string {
  const text = readProperty(value, name);
  if (typeof text !== 'string') throw new ServerRefusal(200, `The answer has no ${name}: is this a Muster?`);
  return text;
}
