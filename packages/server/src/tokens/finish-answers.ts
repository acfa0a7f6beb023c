import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import { appendLogEvent } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { SigningKey } from '../tenant/index.ts';
import { describeUserOfEvent, findUser } from '../users/index.ts';
import { userOfAccount } from './account.ts';
import { refusingTheGone } from './adapter.ts';
import { settingsOfClient } from './client-metadata.ts';
import { describeDiscovery } from './discovery.ts';
import { explain, translateOAuthError } from './errors.ts';
import { describeClient, describeExchange, typesOf } from './exchange-events.ts';
import { refreshLifetime } from './refresh-lifetime.ts';
import { pruneRefreshTokens } from './refresh-tokens/revoke-refresh-tokens.ts';
import { factsOf, type RequestFacts } from './request-facts.ts';
import { fromInnerScope } from './scopes.ts';
import { deletePayload, touchPayload, upsertPayloadsWithEvent } from './store.ts';
import { sourceScope } from './user-authorization.ts';

export interface FinishOptions {
  readonly database: Database;
  readonly publicUrl: string;
  readonly keys: readonly SigningKey[];
}

/**
 * Runs around every request of the provider: gives answers the documented form, and commits what must be kept of
 * them before they leave.
 */
export function finishAnswers(provider: Provider, options: FinishOptions): void {
  provider.use(async (koa: KoaContextWithOIDC, next) => {
    await next();
    switch (koa.path) {
      case '/.well-known/openid-configuration':
        if (koa.status === 200) koa.body = describeDiscovery(options.publicUrl);
        return;
      case '/.well-known/jwks.json':
        if (koa.status === 200) koa.body = { keys: options.keys.map((key) => key.publicJwk) };
        return;
      case '/oauth/token':
        return finishTokenAnswer(koa, options);
      case '/oauth/revoke':
        return finishRevocation(koa, options);
      case '/oauth/device/code':
      case '/oauth/par':
        if (koa.status >= 400) refuse(koa, options, '');
        else if (koa.path === '/oauth/device/code')
          koa.body = { ...Object(koa.body), interval: pollInterval };
        else koa.body = { ...Object(koa.body), expires_in: 30 };
        return;
      case '/authorize':
        return recordSilentSignIn(koa, options);
    }
  });
}

/** Seconds between two polls of a device. */
export const pollInterval = 5;

async function finishTokenAnswer(koa: KoaContextWithOIDC, options: FinishOptions): Promise<void> {
  const facts = factsOf(koa);
  if (!facts) return;
  koa.set('cache-control', 'no-store');
  koa.set('pragma', 'no-cache');
  const grantType = facts.grantType ?? '';
  const issues = koa.status < 400;
  if (facts.recalled) {
    // Opaque tokens are rows of their own, which nobody has written here; machines get JWTs.
    const isKept = issues && (facts.issued ?? []).length === 0 && (await facts.eventUnderWay) === true;
    // Also a refusal must come of the parties as they are now.
    if (!isKept) leaveUnanswered(koa, facts);
    return;
  }
  if (issues && grantType !== 'client_credentials') completeAnswer(koa, facts);
  if (issues && (await keepIssued(koa, facts, options))) return keepRefreshTokens(koa, facts, options);
  const isPending = Reflect.get(Object(koa.body), 'error') === 'authorization_pending';
  refuse(koa, options, grantType);
  if (Reflect.get(Object(koa.body), 'error') === 'expired_token') await forgetDeviceCode(koa, options);
  if (!isPending) await recordRefusal(koa, facts, options);
}

/** Nothing of it reaches the client: the route asks again. */
function leaveUnanswered(koa: KoaContextWithOIDC, facts: RequestFacts): void {
  facts.isOutdated = true;
  koa.respond = false;
}

/**
 * Writes what was issued and its event together.
 * @returns false when the user or the client went meanwhile: the answer is a refusal then
 */
async function keepIssued(
  koa: KoaContextWithOIDC,
  facts: RequestFacts,
  options: FinishOptions,
): Promise<boolean> {
  const { database } = options;
  const event = await describeExchange(koa, facts, options.database, typesOf(facts)[0]);
  const writes = facts.issued ?? [];
  try {
    if (writes.length === 0) await appendLogEvent(database, event);
    else await refusingTheGone(() => upsertPayloadsWithEvent(database, writes, event));
    return true;
  } catch (error) {
    if (!(error instanceof errors.AccessDenied)) throw error;
    koa.status = error.statusCode;
    koa.body = { error: error.error, error_description: error.error_description };
    facts.refusal = error;
    return false;
  }
}

function refuse(koa: KoaContextWithOIDC, options: FinishOptions, grantType: string): void {
  const refusal = translateOAuthError(koa.status, Object(koa.body), {
    grantType,
    publicUrl: options.publicUrl,
    cause: factsOf(koa)?.refusal,
  });
  koa.status = refusal.status;
  koa.body = refusal.body;
}

/** A device is told once that its code expired (spec authentication §11). */
async function forgetDeviceCode(koa: KoaContextWithOIDC, { database }: FinishOptions): Promise<void> {
  const code = koa.oidc.params?.['device_code'];
  if (typeof code === 'string') await deletePayload(database, 'DeviceCode', code);
}

function completeAnswer(koa: KoaContextWithOIDC, facts: RequestFacts): void {
  const body: Record<string, unknown> = { ...Object(koa.body) };
  const scope =
    facts.scope ?? withoutOffline(fromInnerScope(sourceScope(koa)), body['refresh_token'] !== undefined);
  koa.body = { ...body, ...(scope === undefined ? {} : { scope }) };
  facts.scope = scope;
}

/** Ends the oldest refresh tokens beyond the limit, and notes the use of one that stays. */
async function keepRefreshTokens(
  koa: KoaContextWithOIDC,
  facts: RequestFacts,
  { database }: FinishOptions,
): Promise<void> {
  const { entities, client } = koa.oidc;
  const token = entities.RefreshToken;
  if (!token || !client) return;
  const { refresh } = settingsOfClient(client);
  if (facts.grantType !== 'refresh_token') {
    await pruneRefreshTokens(database, String(token.accountId), client.clientId);
  } else if (!refresh.isRotating) {
    const lifetime = refreshLifetime(refresh, token.iiat ?? token.iat ?? 0);
    await touchPayload(database, 'RefreshToken', token.jti, {
      details: {
        last_ip: facts.ip,
        last_user_agent: facts.userAgent,
        last_exchanged_at: new Date().toISOString(),
      },
      // The absolute end was set at issue; only an idle one moves.
      expiresAt: refresh.idleLifetime === undefined ? undefined : new Date(Date.now() + lifetime * 1000),
    });
  }
}

function withoutOffline(scope: string | undefined, hasRefreshToken: boolean): string | undefined {
  if (hasRefreshToken) return scope;
  return scope
    ?.split(' ')
    .filter((name) => name !== 'offline_access')
    .join(' ');
}

async function recordRefusal(
  koa: KoaContextWithOIDC,
  facts: RequestFacts,
  options: FinishOptions,
): Promise<void> {
  // Anybody can send garbage; only what a known client did is kept.
  if (!koa.oidc.client) return;
  const isReuse = /already used/.test(explain(facts.refusal)) && facts.grantType === 'refresh_token';
  const event = await describeExchange(koa, facts, options.database, isReuse ? 'ferrt' : typesOf(facts)[1]);
  await appendLogEvent(options.database, {
    ...event,
    description: String(Reflect.get(Object(koa.body), 'error_description')),
  });
}

/** 200 with an empty body also for what is unknown, foreign or a JWT (spec authentication §1.7). */
async function finishRevocation(koa: KoaContextWithOIDC, options: FinishOptions): Promise<void> {
  const facts = factsOf(koa);
  const error: unknown = Reflect.get(Object(koa.body), 'error');
  if (error === 'unsupported_token_type') koa.status = 200;
  if (koa.status >= 400) return refuse(koa, options, '');
  koa.type = 'application/json; charset=utf-8';
  koa.body = '';
  koa.status = 200;
  koa.type = 'application/json; charset=utf-8';
  const { RefreshToken: token } = koa.oidc.entities;
  if (!token || !facts) return;
  const user = token.accountId === undefined ? undefined : await findUser(options.database, token.accountId);
  await appendLogEvent(options.database, {
    type: 'srrt',
    ...(user ? describeUserOfEvent(user) : {}),
    ...describeClient(koa, facts),
  });
}

async function recordSilentSignIn(koa: KoaContextWithOIDC, { database }: FinishOptions): Promise<void> {
  const facts = factsOf(koa);
  const { params, account, client } = koa.oidc;
  if (!facts || !client || params?.['prompt'] !== 'none') return;
  const user = userOfAccount(account);
  await appendLogEvent(database, {
    type: facts.isAuthorized ? 'ssa' : 'fsa',
    description: facts.isAuthorized ? '' : (facts.refusal?.message ?? ''),
    ...(user ? describeUserOfEvent(user) : {}),
    ...describeClient(koa, facts),
  });
}
