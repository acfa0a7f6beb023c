import type { Client, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { getTenantSettings } from '../../tenant/index.ts';
import type { Presentation } from '../../users/index.ts';
import { claimsOfUser } from '../claims.ts';
import { passwordRealmGrant, settingsOfClient } from '../client-metadata.ts';
import { TokenRefusal } from '../errors.ts';
import type { AuthorizationOptions } from '../grant-loader.ts';
import { factsOf } from '../request-facts.ts';
import { toResource } from '../resource.ts';
import type { createResourceFinder } from '../resource-servers.ts';
import {
  fromInnerScope,
  openidScopes,
  splitScope,
  staticScopes,
  toInnerScope,
  wantsOfflineAccess,
} from '../scopes.ts';
import { grantedScope, permitScopes } from '../user-authorization.ts';

export const passwordParameters = ['username', 'password', 'realm', 'scope', 'resource'];

export interface PasswordGrantOptions extends AuthorizationOptions {
  readonly presentation: Presentation;
  readonly findResource: ReturnType<typeof createResourceFinder>;
}

/** Answers `password` and `password-realm`: tokens for who proves to be a user of a database connection. */
export function createPasswordHandler(provider: Provider, options: PasswordGrantOptions) {
  return async (context: KoaContextWithOIDC): Promise<void> => {
    const { client, params } = context.oidc;
    const facts = factsOf(context);
    if (!client || !params || !facts) throw new Error('the password grant was asked without a client');
    const connection = await selectConnection(options, params);
    const text = (name: string) => (typeof params[name] === 'string' ? String(params[name]) : '');
    for (const name of ['username', 'password']) {
      if (text(name) === '')
        throw new TokenRefusal(400, 'invalid_request', `Missing required parameter: ${name}`);
    }
    const api = await resolveApi(provider, context, client);
    const outcome = await options.signIn({
      kind: 'login',
      protocol: 'oauth2-password',
      clientId: client.clientId,
      clientName: client.clientName,
      connection,
      evidence: { kind: 'password', identifier: text('username'), password: text('password') },
      audience: facts.audience,
      scope: fromInnerScope(text('scope')),
      ip: (settingsOfClient(client).isForwardedAddressTrusted ? facts.forwardedIp : undefined) ?? facts.ip,
      userAgent: facts.userAgent,
    });
    if (!outcome.ok)
      throw new TokenRefusal(outcome.refusal.status, outcome.refusal.error, outcome.refusal.description);
    facts.claims = outcome.claims;
    const { user } = outcome;
    facts.user = user;

    const permitted = api
      ? await permitScopes(
          api.settings,
          { userId: user.userId, clientId: client.clientId },
          options.listPermissions,
          options.ownScopes,
        )
      : undefined;
    const inner = completeScope(text('scope'), permitted?.scopes);
    const names = splitScope(inner);
    const grant = new provider.Grant({ accountId: user.userId, clientId: client.clientId });
    grant.addOIDCScope(names.filter((name) => staticScopes.includes(name)).join(' '));
    const ofApi = names.filter((name) => permitted?.scopes.has(name));
    if (api) grant.addResourceScope(api.resource, ofApi.join(' '));
    const grantId = await grant.save();
    context.oidc.entity('Grant', grant);
    params['scope'] = inner;

    const token = new provider.AccessToken({ accountId: user.userId, client, grantId, gty: 'password' });
    Object.assign(token, { scope: names.join(' '), ...(api ? { resourceServer: api.instance } : {}) });
    const accessToken = await token.save();
    const hasRefreshToken =
      wantsOfflineAccess(inner) &&
      client.grantTypeAllowed('refresh_token') &&
      (api === undefined || api.settings.allowsOfflineAccess);
    const scope = grantedScope(inner, permitted, { hasRefreshToken });
    facts.scope = scope;
    const scopes = new Set(splitScope(scope));
    const refreshToken = hasRefreshToken
      ? new provider.RefreshToken({
          accountId: user.userId,
          client,
          grantId,
          gty: 'password',
          scope: inner,
          rotations: 0,
          ...(api ? { resource: api.resource } : {}),
        })
      : undefined;
    if (refreshToken) context.oidc.entity('RefreshToken', refreshToken);
    const idToken = new provider.IdToken(claimsOfUser(user, scopes, options.presentation), { ctx: context });
    Object.assign(idToken, { scope: [...scopes].join(' '), mask: {}, rejected: [] });

    context.body = {
      access_token: accessToken,
      ...(refreshToken ? { refresh_token: await refreshToken.save() } : {}),
      ...(scopes.has('openid') ? { id_token: await idToken.issue({ use: 'idtoken' }) } : {}),
      scope,
      expires_in: token.expiration,
      token_type: 'Bearer',
    };
  };

  /** What `resource` names, as `oidc-provider` resolves it for its own grants. */
  async function resolveApi(server: Provider, context: KoaContextWithOIDC, client: Client) {
    const audience = factsOf(context)?.audience;
    if (audience === undefined || audience === `${options.publicUrl}/userinfo`) return undefined;
    const resource = toResource(audience);
    const info = await options.findResource(context, resource, client);
    const settings = options.apis.get(context);
    if (!settings) throw new Error('the API of the request was not remembered');
    return { resource, settings, instance: new server.ResourceServer(resource, info) };
  }
}

/** The tenant's default directory, or the realm. @throws TokenRefusal */
async function selectConnection(
  options: PasswordGrantOptions,
  params: Readonly<Record<string, unknown>>,
): Promise<string> {
  if (params['grant_type'] === passwordRealmGrant) {
    const realm = params['realm'];
    if (typeof realm === 'string' && realm !== '') return realm;
    throw new TokenRefusal(400, 'invalid_request', 'Missing required parameter: realm');
  }
  if (params['realm'] !== undefined)
    throw new TokenRefusal(400, 'invalid_request', 'realm is not allowed with the grant type password');
  const { default_directory: directory } = await getTenantSettings(options.database);
  if (typeof directory === 'string' && directory !== '') return directory;
  throw new TokenRefusal(
    400,
    'invalid_request',
    'Authorization server not configured with default connection.',
  );
}

/**
 * Who asks for nothing gets everything: of the API, or of the profile (spec authentication §1.5). Scopes that nobody defines
 * are dropped.
 */
function completeScope(inner: string, ofApi: ReadonlySet<string> | undefined): string {
  const asked = splitScope(fromInnerScope(inner));
  const isBare = asked.length === 0 || (asked.length === 1 && asked[0] === 'openid');
  if (isBare) return toInnerScope([...(ofApi ?? []), ...(ofApi ? asked : openidScopes)].join(' '));
  if (ofApi) return inner;
  return splitScope(inner)
    .filter((name) => staticScopes.includes(name))
    .join(' ');
}
