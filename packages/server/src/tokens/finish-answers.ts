import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { appendLogEvent, type LogEvent } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { SigningKey } from '../tenant/index.ts';
import { describeUserOfEvent, findUser } from '../users/index.ts';
import { userOfAccount } from './account.ts';
import { deviceCodeGrant, passwordGrant, passwordRealmGrant, settingsOfClient } from './client-metadata.ts';
import { describeDiscovery } from './discovery.ts';
import { explain, translateOAuthError } from './errors.ts';
import { refreshLifetime } from './refresh-lifetime.ts';
import { pruneRefreshTokens } from './refresh-tokens/revoke-refresh-tokens.ts';
import { factsOf, type RequestFacts } from './request-facts.ts';
import { fromInnerScope } from './scopes.ts';
import { deletePayload, touchPayload } from './store.ts';
import { sourceScope } from './user-authorization.ts';

export interface FinishOptions {
  readonly database: Database;
  readonly publicUrl: string;
  readonly keys: readonly SigningKey[];
}

/** Codes of the log, of a success and a refusal, by grant (spec extensions-and-protection §6.3). */
const logTypes: Readonly<Record<string, readonly [string, string]>> = {
  client_credentials: ['seccft', 'feccft'],
  authorization_code: ['seacft', 'feacft'],
  refresh_token: ['sertft', 'fertft'],
  [passwordGrant]: ['sepft', 'fepft'],
  [passwordRealmGrant]: ['sepft', 'fepft'],
  [deviceCodeGrant]: ['sede', 'fede'],
};

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
  if (koa.status >= 400) {
    const isPending = Reflect.get(Object(koa.body), 'error') === 'authorization_pending';
    refuse(koa, options, grantType);
    if (Reflect.get(Object(koa.body), 'error') === 'expired_token') await forgetDeviceCode(koa, options);
    if (isPending) return;
  } else {
    if (grantType !== 'client_credentials') await completeAnswer(koa, facts, options);
  }
  await recordExchange(koa, facts, options);
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

async function completeAnswer(
  koa: KoaContextWithOIDC,
  facts: RequestFacts,
  { database }: FinishOptions,
): Promise<void> {
  const { entities, client } = koa.oidc;
  const body: Record<string, unknown> = { ...Object(koa.body) };
  const scope =
    facts.scope ?? withoutOffline(fromInnerScope(sourceScope(koa)), body['refresh_token'] !== undefined);
  koa.body = { ...body, ...(scope === undefined ? {} : { scope }) };
  facts.scope = scope;
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

async function recordExchange(
  koa: KoaContextWithOIDC,
  facts: RequestFacts,
  { database }: FinishOptions,
): Promise<void> {
  const { client, entities } = koa.oidc;
  const [success, failure] = logTypes[facts.grantType ?? ''] ?? ['seccft', 'feccft'];
  const isRefused = koa.status >= 400;
  // Anybody can send garbage; only what a known client did is kept.
  if (!client && isRefused) return;
  const isReuse = isRefused && /already used/.test(explain(facts.refusal));
  const type = isReuse && facts.grantType === 'refresh_token' ? 'ferrt' : isRefused ? failure : success;
  const userId = entities.Account?.accountId ?? entities.Grant?.accountId ?? entities.RefreshToken?.accountId;
  const user =
    userOfAccount(entities.Account) ?? (userId === undefined ? undefined : await findUser(database, userId));
  const scope: unknown = Reflect.get(Object(koa.body), 'scope');
  await appendLogEvent(database, {
    type,
    description: isRefused ? String(Reflect.get(Object(koa.body), 'error_description')) : '',
    ...(user ? describeUserOfEvent(user) : {}),
    ...describeClient(koa, facts),
    ...(typeof scope === 'string' ? { scope } : {}),
  });
}

function describeClient(koa: KoaContextWithOIDC, facts: RequestFacts): Partial<LogEvent> {
  const { client } = koa.oidc;
  return {
    ...(client ? { clientId: client.clientId } : {}),
    ...(client?.clientName ? { clientName: client.clientName } : {}),
    ...(facts.audience === undefined ? {} : { audience: facts.audience }),
    ip: facts.ip,
    userAgent: facts.userAgent,
  };
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
