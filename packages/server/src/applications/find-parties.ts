import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { getTenantSettings, presentSettings } from '../tenant/index.ts';
import { type ResourceServer, toResourceServer } from './apis/resource-servers.ts';
import { type Client, toClient } from './clients/find-client.ts';
import { type GrantedScopes, readGrantedScopes } from './grants/client-grants.ts';
import { findPartyRecords } from './parties-store.ts';

/** Who a token request is about. */
export interface Parties {
  readonly client: Client;
  readonly api: ResourceServer | undefined;
  /** What the client may have at the API by itself; absent without a grant. */
  readonly grant: GrantedScopes | undefined;
}

/**
 * Reads the client of a request, the API that it names and the tenant's settings in one statement: every token needs them,
 * as they are at this moment.
 * @param named what the request says, which may be anything
 */
export async function findParties(
  database: Database,
  secrets: SecretBox,
  named: { readonly clientId: string | undefined; readonly audience: string | undefined },
): Promise<{ readonly parties: Parties | undefined; readonly settings: Readonly<Record<string, unknown>> }> {
  const found =
    named.clientId === undefined
      ? undefined
      : await findPartyRecords(database, named.clientId, named.audience);
  if (!found) return { parties: undefined, settings: await getTenantSettings(database) };
  const { client, api, grant, settings } = found;
  return {
    settings: presentSettings(settings),
    parties: {
      client: toClient(client, secrets),
      api: api && toResourceServer(api, secrets),
      grant: grant && readGrantedScopes(grant),
    },
  };
}
