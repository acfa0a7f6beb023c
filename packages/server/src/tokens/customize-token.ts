import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from 'oidc-provider';
import { shapeAccessToken, type UnsignedToken } from './access-token.ts';
import { selectCustomClaims } from './claims.ts';
import type { AuthorizationOptions } from './grant-loader.ts';
import { factsOf } from './request-facts.ts';
import { splitScope, wantsOfflineAccess } from './scopes.ts';
import { grantedScope, permitScopes, sourceScope } from './user-authorization.ts';

export interface TokenCustomizerOptions extends AuthorizationOptions {
  /** Told of every token for a machine before it is signed. */
  readonly onMachineToken: (context: KoaContextWithOIDC, scope: string | undefined) => void;
}

/** Makes the function that gives JWT access tokens their claims; called before each is signed. */
export function createTokenCustomizer(options: TokenCustomizerOptions) {
  return async (
    context: KoaContextWithOIDC,
    token: AccessToken | ClientCredentials,
    unsigned: UnsignedToken,
  ): Promise<void> => {
    const api = options.apis.get(context);
    const { clientId } = token;
    if (!api || clientId === undefined) return;
    const userId: unknown = Reflect.get(token, 'accountId');
    if (typeof userId !== 'string') {
      const sent = unsigned.payload['scope'];
      const scope = typeof sent === 'string' ? sent : undefined;
      const facts = {
        subject: `${clientId}@clients`,
        clientId,
        audience: api.identifier,
        scope,
        grantType: 'client-credentials',
        permissions: api.tokenDialect.endsWith('_authz') ? splitScope(scope) : undefined,
        custom: {},
      };
      shapeAccessToken(unsigned, facts, api);
      return options.onMachineToken(context, scope);
    }
    // Permissions count as they are now, also when a refresh token of last year asks.
    const permitted = await permitScopes(
      api,
      { userId, clientId },
      options.listPermissions,
      options.ownScopes,
    );
    const facts = factsOf(context);
    const inner = sourceScope(context);
    const scope = grantedScope(withoutOpenidUnlessAsked(context, inner), permitted, {
      hasRefreshToken: api.allowsOfflineAccess && wantsOfflineAccess(inner),
    });
    if (facts) facts.scope = scope;
    const scopes = new Set(splitScope(scope));
    const userinfo = `${options.publicUrl}/userinfo`;
    shapeAccessToken(
      unsigned,
      {
        subject: userId,
        clientId,
        audience:
          scopes.has('openid') && api.signingAlg === 'RS256' ? [api.identifier, userinfo] : api.identifier,
        scope,
        grantType: describeGrantType(Reflect.get(token, 'gty')),
        permissions: permitted.permissions,
        custom: facts?.claims
          ? selectCustomClaims(facts.claims.accessToken, {
              scopes,
              issuer: `${options.publicUrl}/`,
              namespacedOnly: api.isSystem,
            })
          : {},
      },
      api,
    );
  };
}

/** `response_type=token` is answered by way of an ID token, which needs `openid`. */
function withoutOpenidUnlessAsked(context: KoaContextWithOIDC, inner: string | undefined): string {
  const { params } = context.oidc;
  const names = splitScope(inner);
  if (params?.['original_response_type'] !== 'token') return names.join(' ');
  const asked = splitScope(String(params['original_scope'] ?? ''));
  return names.filter((name) => name !== 'openid' || asked.includes('openid')).join(' ');
}

/** The reference names how a token was got only where no browser was involved (spec authentication §2.4). */
function describeGrantType(gty: unknown): string | readonly string[] | undefined {
  const names = splitScope(typeof gty === 'string' ? gty : undefined).filter((name) =>
    ['password', 'refresh_token'].includes(name),
  );
  if (names.length === 0) return undefined;
  return names.length === 1 ? names[0] : names.reverse();
}
