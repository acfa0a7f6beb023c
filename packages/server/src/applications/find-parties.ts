import { LRUCache } from 'lru-cache';
import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { getTenantSettings, presentSettings } from '../tenant/index.ts';
import { type ResourceServer, toResourceServer } from './apis/resource-servers.ts';
import { type Client, toClient } from './clients/find-client.ts';
import { type GrantedScopes, readGrantedScopes } from './grants/client-grants.ts';
import { findPartyRecords, type PartiesParameter } from './parties-store.ts';

/** Who a token request is about. */
export interface Parties {
  readonly client: Client;
  readonly api: ResourceServer | undefined;
  /** What the client may have at the API by itself; absent without a grant. */
  readonly grant: GrantedScopes | undefined;
}

/** Who a request names; it may be anything. */
export interface NamedParties {
  readonly clientId: string | undefined;
  readonly audience: string | undefined;
}

/** What is known of a request before it is answered. */
export interface FoundParties {
  readonly parties: Parties | undefined;
  /** Of the tenant. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** By which a later statement can tell whether all of this is still so; absent for an unknown client. */
  readonly version: PartiesVersion | undefined;
}

/** The values of `composeUnchangedParties`. */
export type PartiesVersion = Readonly<Record<PartiesParameter | 'party_version', string | null>>;

/**
 * Reads the client of a request, the API that it names and the tenant's settings in one statement: every token needs them,
 * as they are at this moment.
 */
export async function findParties(
  database: Database,
  secrets: SecretBox,
  named: NamedParties,
): Promise<FoundParties> {
  const { clientId, audience } = named;
  const found = clientId === undefined ? undefined : await findPartyRecords(database, clientId, audience);
  if (clientId === undefined || !found)
    return { parties: undefined, settings: await getTenantSettings(database), version: undefined };
  const { client, api, grant, settings, version } = found;
  return {
    settings: presentSettings(settings),
    version: { party_client: clientId, party_audience: audience ?? null, party_version: version },
    parties: {
      client: toClient(client, secrets),
      api: api && toResourceServer(api, secrets),
      grant: grant && readGrantedScopes(grant),
    },
  };
}

/** Parties as this process read them last. They may have changed since, here or elsewhere. */
export interface PartiesMemory {
  /** What was read last, for who lets the statement that answers the request decide whether it is still so. */
  recall(named: NamedParties): FoundParties | undefined;
  /** As they are now. */
  read(named: NamedParties): Promise<FoundParties>;
}

/** Pairs of clients and APIs that a process remembers. */
const rememberedPairs = 1_000;

export function createPartiesMemory(database: Database, secrets: SecretBox): PartiesMemory {
  const memory = new LRUCache<string, FoundParties>({ max: rememberedPairs });
  const keyOf = ({ clientId, audience }: NamedParties) => JSON.stringify([clientId, audience]);
  return {
    recall: (named) => memory.get(keyOf(named)),
    read: async (named) => {
      const key = keyOf(named);
      memory.delete(key);
      const found = await findParties(database, secrets, named);
      if (found.version) memory.set(key, found);
      return found;
    },
  };
}
