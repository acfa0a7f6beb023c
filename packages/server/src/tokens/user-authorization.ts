import type { KoaContextWithOIDC } from 'oidc-provider';
import { findClientGrant, type ResourceServer } from '../applications/index.ts';
import type { Database } from '../platform/database/database.ts';
import { TokenRefusal } from './errors.ts';
import { fromInnerScope, splitScope, staticScopes, wantsOfflineAccess } from './scopes.ts';

/**
 * What users may do at APIs by way of a client, by whatever gives permissions: roles, administration.
 * @returns scopes of the API; asked only of APIs that enforce policies, and of the Management API
 */
export type ListPermissions = (
  userId: string,
  by: { readonly clientId: string; readonly audience: string },
) => Promise<readonly string[]>;

/** The scopes that a user's token for an API may carry. */
export interface Permitted {
  readonly scopes: ReadonlySet<string>;
  /** For the claim `permissions`, where the dialect has it. */
  readonly permissions: readonly string[] | undefined;
}

/** @param listPermissions see `ListPermissions` */
export async function permitScopes(
  api: ResourceServer,
  { userId, clientId }: { readonly userId: string; readonly clientId: string },
  listPermissions: ListPermissions,
  ownScopes: readonly string[],
): Promise<Permitted> {
  const hasClaim = api.tokenDialect.endsWith('_authz');
  if (!api.enforcesPolicies && !api.isSystem) return { scopes: new Set(api.scopes), permissions: undefined };
  const permissions = (await listPermissions(userId, { clientId, audience: api.identifier })).filter(
    (scope) => api.scopes.includes(scope),
  );
  // Everybody may act for themselves at the Management API (spec authentication §2.5).
  const scopes = new Set(api.isSystem ? [...permissions, ...ownScopes] : permissions);
  return { scopes, permissions: hasClaim ? permissions : undefined };
}

/**
 * The scope of a token for a user, out of what was asked and consented to: undefined scopes of the API drop out
 * silently, `offline_access` stays where a refresh token comes with it.
 */
export function grantedScope(
  inner: string | undefined,
  permitted: Permitted | undefined,
  options: { readonly hasRefreshToken: boolean },
): string | undefined {
  const names = splitScope(inner).filter((name) => {
    if (wantsOfflineAccess(name)) return options.hasRefreshToken;
    return staticScopes.includes(name) || permitted?.scopes.has(name);
  });
  return fromInnerScope(names.join(' '));
}

/** @throws TokenRefusal when the API is closed to users of the client */
export async function assertOpenToUsers(
  database: Database,
  api: ResourceServer,
  clientId: string,
): Promise<void> {
  if (api.userPolicy === 'allow_all') return;
  const grant =
    api.userPolicy === 'require_client_grant'
      ? await findClientGrant(database, clientId, api.identifier, 'user')
      : undefined;
  if (grant) return;
  throw new TokenRefusal(
    403,
    'access_denied',
    `Client "${clientId}" is not authorized to access resource server "${api.identifier}".`,
  );
}

/** The scope that the request at hand is about: of the code or token that it shows, or what it asks for. */
export function sourceScope(context: KoaContextWithOIDC): string | undefined {
  const { entities, params } = context.oidc;
  const source = entities.AuthorizationCode ?? entities.DeviceCode ?? entities.RefreshToken;
  const asked = params?.['scope'];
  if (!source) return typeof asked === 'string' ? asked : undefined;
  if (entities.RefreshToken === source && typeof asked === 'string' && asked !== '') return asked;
  return source.scope;
}
