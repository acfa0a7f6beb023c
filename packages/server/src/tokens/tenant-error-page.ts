import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Database } from '../platform/database/database.ts';
import { getTenantSettings } from '../tenant/index.ts';

/**
 * Where the tenant shows errors that cannot go back to a callback: its `error_page.url` with what is known of the request
 * (spec authentication §1.4). Undefined where it has none: then the page is ours.
 * @param findLanguage what a page of ours would be written in
 */
export async function findErrorPage(
  database: Database,
  context: KoaContextWithOIDC,
  problem: { readonly error: string; readonly error_description?: string | undefined },
  findLanguage: () => Promise<string>,
): Promise<string | undefined> {
  const { error_page: page } = await getTenantSettings(database);
  const address: unknown = Reflect.get(Object(page), 'url');
  if (typeof address !== 'string' || !URL.canParse(address)) return undefined;
  const { client, params } = context.oidc ?? {};
  const url = new URL(address);
  const facts = {
    client_id: client?.clientId,
    connection: params?.['connection'],
    lang: await findLanguage(),
    error: problem.error,
    error_description: problem.error_description,
    tracking: context.response.get('x-request-id'),
  };
  for (const [name, value] of Object.entries(facts))
    if (typeof value === 'string' && value !== '') url.searchParams.set(name, value);
  return url.href;
}
