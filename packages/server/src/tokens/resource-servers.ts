import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { findParties, type ResourceServer } from '../applications/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { noClientGrant, serviceNotFound } from './errors.ts';
import { factsOf } from './request-facts.ts';
import { fromResource } from './resource.ts';
import { staticScopes } from './scopes.ts';
import { assertOpenToUsers } from './user-authorization.ts';

interface ResourceServerInfo {
  scope: string;
  audience: string;
  accessTokenTTL: number;
  accessTokenFormat: 'jwt';
  jwt: { sign: { alg: 'RS256' } | { alg: 'HS256'; key: Buffer } };
}

export interface ResourceFinderOptions {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly publicUrl: string;
  /** Gets the API that each request is about. */
  readonly apis: WeakMap<object, ResourceServer>;
}

/** Resolves the API of a request: for machines by their client grant, for users by the API's policy. */
export function createResourceFinder(options: ResourceFinderOptions) {
  const { database, publicUrl, apis } = options;
  return async (
    context: KoaContextWithOIDC,
    resource: string,
    client: Client,
  ): Promise<ResourceServerInfo> => {
    const audience = fromResource(resource);
    const { params } = context.oidc;
    const isMachine = params?.['grant_type'] === 'client_credentials';
    const known = factsOf(context)?.parties;
    const { api, grant } =
      known?.api?.identifier === audience && known.client.clientId === client.clientId
        ? known
        : ((await findParties(database, options.secrets, { clientId: client.clientId, audience })).parties ??
          {});
    if (!api) throw serviceNotFound(audience);
    apis.set(context, api);
    const lifetime = /token/.test(String(params?.['response_type'] ?? ''))
      ? api.tokenLifetimeForWeb
      : api.tokenLifetime;
    const info = (scopes: readonly string[]): ResourceServerInfo => ({
      scope: scopes.join(' '),
      audience,
      accessTokenTTL: lifetime,
      accessTokenFormat: 'jwt',
      jwt: { sign: signingOf(api) },
    });
    if (!isMachine) {
      await assertOpenToUsers(database, api, client.clientId);
      // Scopes of our own that every user has are on no API's list.
      return info(
        [...new Set([...api.scopes, ...context.oidc.requestParamScopes])].filter(
          (scope) => !staticScopes.includes(scope),
        ),
      );
    }
    if (!grant || api.clientPolicy === 'deny_all') throw noClientGrant(audience, publicUrl);
    const granted =
      grant.scopes === 'all' ? [...api.scopes] : grant.scopes.filter((scope) => api.scopes.includes(scope));
    narrowScopes(context, granted);
    return info(granted);
  };
}

/** Without `scope` a machine gets all that its grant allows; asked ones beyond it are dropped (spec authentication §1.5). */
function narrowScopes(context: KoaContextWithOIDC, granted: readonly string[]): void {
  const { params } = context.oidc;
  if (!params) return;
  const asked =
    typeof params['scope'] === 'string' && params['scope'].trim() !== ''
      ? params['scope'].trim().split(/\s+/)
      : undefined;
  params['scope'] = asked
    ? asked.filter((scope) => granted.includes(scope)).join(' ') || undefined
    : granted.join(' ') || undefined;
}

function signingOf(api: ResourceServer): { alg: 'RS256' } | { alg: 'HS256'; key: Buffer } {
  return api.signingAlg === 'HS256' && api.signingSecret !== undefined
    ? { alg: 'HS256', key: Buffer.from(api.signingSecret) }
    : { alg: 'RS256' };
}
