import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { settingsOfClient } from './client-metadata.ts';
import { factsOf } from './request-facts.ts';
import { fromInnerScope } from './scopes.ts';
import { matchesOrigin } from './url-matching.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** Our own names, as `oidc-provider` keeps its own modes from being replaced. */
const prefix = 'muster.';
const modes = ['query', 'fragment', 'form_post', 'web_message'];

/**
 * The mode that answers a request. Absent, or one that is not allowed for the response type, is left to
 * `oidc-provider`, which refuses it.
 */
export function innerModeOf(asked: string | undefined, responseType: string): string | undefined {
  const isFrontChannel = /token/.test(responseType);
  const mode = asked ?? (isFrontChannel ? 'fragment' : 'query');
  if (!modes.includes(mode) || (mode === 'query' && isFrontChannel)) return undefined;
  return prefix + mode;
}

/** Registers the ways in which the authorization endpoint hands its answer over (spec authentication §1.2). */
export function registerResponseModes(provider: Provider): void {
  const register = (
    name: string,
    respond: (context: KoaContextWithOIDC, uri: string, answer: Parameters) => void,
  ) =>
    Reflect.apply(provider.registerResponseMode, provider, [
      prefix + name,
      (context: KoaContextWithOIDC, uri: string, answer: Parameters) =>
        respond(context, uri, shapeAnswer(context, answer)),
    ]);
  register('query', (context, uri, answer) => redirect(context, addQuery(uri, answer)));
  register('fragment', (context, uri, answer) => {
    const url = new URL(uri);
    url.hash = toForm(answer).toString();
    redirect(context, url.href);
  });
  register('form_post', respondByForm);
  register('web_message', respondByMessage);
}

/** Takes out what a client that asked for an access token alone did not ask for, and our inner scopes. */
function shapeAnswer(context: KoaContextWithOIDC, answer: Parameters): Parameters {
  const { id_token: idToken, scope, ...rest } = answer;
  const keepsIdToken = context.oidc.params?.['original_response_type'] !== 'token';
  const told = typeof scope === 'string' ? (factsOf(context)?.scope ?? toldScope(context, scope)) : undefined;
  return {
    ...rest,
    ...(told === undefined ? {} : { scope: told }),
    // An ID token names its issuer; every other answer must (RFC 9207).
    ...(keepsIdToken && idToken !== undefined ? { id_token: idToken } : { iss: context.oidc.issuer }),
  };
}

/** Of opaque tokens; that of a JWT was settled when it was made. */
function toldScope(context: KoaContextWithOIDC, scope: string): string | undefined {
  const shown = fromInnerScope(scope);
  const asked = String(context.oidc.params?.['original_scope'] ?? '').split(' ');
  return (
    shown
      ?.split(' ')
      .filter((name) => name !== 'openid' || asked.includes('openid'))
      .join(' ') || undefined
  );
}

function toForm(answer: Parameters): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) form.set(name, String(value));
  return form;
}

/** Keeps the callback's own query as it is written. */
function addQuery(uri: string, answer: Parameters): string {
  const url = new URL(uri);
  url.search = [...(url.search.length > 1 ? [url.search.slice(1)] : []), toForm(answer).toString()].join('&');
  return url.href;
}

function redirect(context: KoaContextWithOIDC, uri: string): void {
  context.status = 302;
  context.redirect(uri);
}

function respondByForm(context: KoaContextWithOIDC, uri: string, answer: Parameters): void {
  const fields = [...toForm(answer)]
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
  respondWithPage(
    context,
    `<form method="post" action="${escapeHtml(uri)}">${fields}<noscript><button>Continue</button></noscript></form>`,
    'document.forms[0].submit()',
    `form-action ${new URL(uri).origin === 'null' ? '*' : new URL(uri).origin}`,
  );
}

/** Posts to the window that opened or holds this one; only where the client lists the callback's origin. */
function respondByMessage(context: KoaContextWithOIDC, uri: string, answer: Parameters): void {
  const { origin } = new URL(uri);
  const client = context.oidc.client;
  const allowed = client ? settingsOfClient(client).webOrigins : [];
  if (!allowed.some((pattern) => matchesOrigin(pattern, origin))) {
    context.status = 400;
    context.type = 'text/plain; charset=utf-8';
    context.body = `The origin ${origin} is not an allowed web origin of the application.`;
    return;
  }
  const message = JSON.stringify({ type: 'authorization_response', response: answer });
  respondWithPage(
    context,
    '',
    `(window.opener||window.parent).postMessage(${escapeScript(message)},${escapeScript(JSON.stringify(origin))});if(window.opener)window.close()`,
    `frame-ancestors ${origin}`,
  );
}

function respondWithPage(context: KoaContextWithOIDC, body: string, script: string, policy: string): void {
  const nonce = crypto.randomUUID();
  context.status = 200;
  context.set('cache-control', 'no-store');
  context.set('content-security-policy', `default-src 'none'; script-src 'nonce-${nonce}'; ${policy}`);
  context.type = 'html';
  context.body = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Signing in</title></head><body>${body}<script nonce="${nonce}">${script}</script></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON inside a script element: `<` could end it, U+2028 and U+2029 were line ends of older scripts. */
function escapeScript(json: string): string {
  return json.replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
