import { findClient } from '../../applications/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { getTenantSettings } from '../../tenant/index.ts';
import { readClientSettings } from '../client-metadata.ts';
import { matchesUrl } from '../url-matching.ts';

export type LogoutTarget =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly description: string };

/**
 * Where the browser may go after a logout (spec authentication §1.8): the client's list where a client is named, else the
 * tenant's.
 * @param options.usesFirst whether the first of the client's list stands in for an absent URL
 */
export async function findLogoutTarget(
  dependencies: { readonly database: Database; readonly secrets: SecretBox },
  wanted: { readonly url: string | undefined; readonly clientId: string | undefined },
  options: { readonly usesFirst: boolean; readonly ignoresQuery: boolean },
): Promise<LogoutTarget> {
  const { url, clientId } = wanted;
  const client =
    clientId === undefined
      ? undefined
      : await findClient(dependencies.database, dependencies.secrets, clientId);
  if (clientId !== undefined && !client)
    return { kind: 'refused', description: 'The client_id does not name an application.' };
  const settings = client && readClientSettings(client);
  const allowed = settings?.logoutUrls ?? (await listTenantUrls(dependencies.database));
  if (url === undefined) {
    const [first] = settings && options.usesFirst ? settings.logoutUrls : [];
    return first !== undefined && !first.includes('*') ? { kind: 'url', url: first } : { kind: 'none' };
  }
  const isAllowed = allowed.some((pattern) =>
    matchesUrl(pattern, url, {
      allowsWildcard: settings?.isFirstParty ?? true,
      ignoresQuery: options.ignoresQuery,
    }),
  );
  return isAllowed
    ? { kind: 'url', url }
    : {
        kind: 'refused',
        description: `The URL to go to after logout is not in the list of allowed logout URLs of the ${client ? 'application' : 'tenant'}.`,
      };
}

async function listTenantUrls(database: Database): Promise<string[]> {
  const { allowed_logout_urls: urls } = await getTenantSettings(database);
  return Array.isArray(urls) ? urls.map(String) : [];
}
