import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { decodeJwt, errors } from 'jose';
import { errors as oidcErrors, type Provider } from 'oidc-provider';
import type { Database } from '../../platform/database/database.ts';
import { isRecord } from '../../platform/is-record.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { getTenantSettings } from '../../tenant/index.ts';
import { findBrowserSession } from './end-session.ts';
import { findLogoutTarget, type LogoutTarget } from './logout-url.ts';

export interface LogoutPages {
  problem(request: FastifyRequest, reply: FastifyReply, error: string, description: string): Promise<void>;
  signedOut(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Asks whether the person means it; the form repeats `fields`. */
  confirmLogout(
    request: FastifyRequest,
    reply: FastifyReply,
    form: { readonly fields: Readonly<Record<string, string>> },
  ): Promise<void>;
}

export interface LogoutOptions {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly publicUrl: string;
  readonly pages: LogoutPages;
  readonly provider: () => Provider;
}

type Parameters = Readonly<Record<string, string | undefined>>;

/** Registers `/v2/logout`, its old name `/logout`, and `/oidc/logout` (spec authentication §1.8). */
export function registerLogout(server: FastifyInstance, options: LogoutOptions): void {
  for (const path of ['/v2/logout', '/logout'])
    server.get(path, (request, reply) => logOut(request, reply, options));
  server.route({
    method: ['GET', 'POST'],
    url: '/oidc/logout',
    handler: (request, reply) => logOutByHint(request, reply, options),
  });
}

async function logOut(
  request: FastifyRequest,
  reply: FastifyReply,
  options: LogoutOptions,
): Promise<unknown> {
  const { returnTo, client_id: clientId } = readParameters(request);
  const target = await findLogoutTarget(
    options,
    { url: returnTo, clientId },
    { usesFirst: true, ignoresQuery: true },
  );
  // The person wanted out, whatever is wrong with the way back.
  const found = await findBrowserSession(options, options.provider(), request, reply);
  await found?.end({ clientId, returnTo });
  if (target.kind === 'none') return reply.type('text/plain; charset=utf-8').send('OK');
  return leave(request, reply, target, options);
}

async function logOutByHint(
  request: FastifyRequest,
  reply: FastifyReply,
  options: LogoutOptions,
): Promise<unknown> {
  const parameters = readParameters(request);
  const { post_logout_redirect_uri: url, logout_hint: logoutHint, state } = parameters;
  const hint = await readIdTokenHint(options, parameters);
  if (!hint.ok) return options.pages.problem(request, reply, 'invalid_request', hint.description);
  const clientId = hint.clientId ?? parameters['client_id'];
  const target = await findLogoutTarget(
    options,
    {
      url,
      clientId: hint.clientId !== undefined || logoutHint === undefined || clientId ? clientId : undefined,
    },
    { usesFirst: false, ignoresQuery: false },
  );
  const found = await findBrowserSession(options, options.provider(), request, reply);
  if (found) {
    const isHinted = (hint.sessionId ?? logoutHint) === found.session.uid;
    if (
      !isHinted &&
      !isConfirmed(parameters, found.session.uid, options) &&
      (await asksFirst(options.database))
    ) {
      const fields = Object.fromEntries(
        Object.entries({ ...parameters, csrf: confirmationOf(found.session.uid, options) }).flatMap(
          ([name, value]) => (value === undefined ? [] : [[name, value]]),
        ),
      );
      return options.pages.confirmLogout(request, reply, { fields });
    }
    await found.end({ clientId, returnTo: url });
  }
  if (target.kind === 'none') return options.pages.signedOut(request, reply);
  const withState =
    target.kind === 'url' && state !== undefined ? { ...target, url: addState(target.url, state) } : target;
  return leave(request, reply, withState, options);
}

function leave(
  request: FastifyRequest,
  reply: FastifyReply,
  target: Exclude<LogoutTarget, { kind: 'none' }>,
  options: LogoutOptions,
): unknown {
  if (target.kind === 'refused')
    return options.pages.problem(request, reply, 'invalid_request', target.description);
  return reply.header('cache-control', 'no-store').redirect(target.url, 302);
}

type Hint =
  | { readonly ok: true; readonly clientId: string | undefined; readonly sessionId: string | undefined }
  | { readonly ok: false; readonly description: string };

/** An expired ID token is a hint all the same. */
async function readIdTokenHint(options: LogoutOptions, parameters: Parameters): Promise<Hint> {
  const token = parameters['id_token_hint'];
  if (token === undefined) return { ok: true, clientId: undefined, sessionId: undefined };
  const refused: Hint = { ok: false, description: 'The id_token_hint is not an ID token of this server.' };
  try {
    const { aud, sid } = decodeJwt(token);
    const provider = options.provider();
    const client = typeof aud === 'string' ? await provider.Client.find(aud) : undefined;
    if (!client) return refused;
    await provider.IdToken.validate(token, client);
    if (parameters['client_id'] !== undefined && parameters['client_id'] !== client.clientId)
      return { ok: false, description: 'The client_id is not the one that the id_token_hint was made for.' };
    const sessionId = typeof sid === 'string' ? sid : undefined;
    if (parameters['logout_hint'] !== undefined && parameters['logout_hint'] !== sessionId)
      return { ok: false, description: 'The logout_hint is not the session of the id_token_hint.' };
    return { ok: true, clientId: client.clientId, sessionId };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof oidcErrors.OIDCProviderError) return refused;
    // oidc-provider's own verification throws plain errors for what it does not accept.
    if (error instanceof Error && !('code' in error)) return refused;
    throw error;
  }
}

async function asksFirst(database: Database): Promise<boolean> {
  const { sessions } = await getTenantSettings(database);
  return !(isRecord(sessions) && sessions['oidc_logout_prompt_enabled'] === false);
}

/** Only a page of ours, shown to the holder of the session, knows it: another site cannot make it up. */
function confirmationOf(sessionId: string, { secrets }: LogoutOptions): string {
  return secrets.sign(sessionId, 'logout').toString('base64url');
}

function isConfirmed(parameters: Parameters, sessionId: string, options: LogoutOptions): boolean {
  const expected = Buffer.from(confirmationOf(sessionId, options));
  const sent = Buffer.from(parameters['csrf'] ?? '');
  return sent.length === expected.length && timingSafeEqual(sent, expected);
}

function addState(url: string, state: string): string {
  const parsed = new URL(url);
  parsed.searchParams.set('state', state);
  return parsed.href;
}

/** Of the query, and of the form of a POST. The first of repeated ones counts. */
function readParameters(request: FastifyRequest): Parameters {
  const sent = { ...Object(request.query), ...(request.method === 'POST' ? Object(request.body) : {}) };
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value;
      return [name, typeof first === 'string' && first !== '' ? first : undefined];
    }),
  );
}
