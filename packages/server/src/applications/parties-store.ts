import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { createStatement, type Parameter } from '../platform/database/statement.ts';
import { type ResourceServerRecord, toApiRecord } from './apis/store.ts';
import { type ClientRecord, type ClientRow, toClientRecord } from './clients/store.ts';
import { type ClientGrantRecord, type ClientGrantRow, toGrantRecord } from './grants/store.ts';

export interface PartyRecords {
  readonly client: ClientRecord;
  /** Of the tenant. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly api: ResourceServerRecord | undefined;
  /** Of the client at the API, by client credentials. */
  readonly grant: ClientGrantRecord | undefined;
  /** Another one as soon as any of them is changed, made or deleted. */
  readonly version: string;
}

interface PartyRow extends ClientRow {
  readonly tenant_settings: Record<string, unknown>;
  readonly version: string;
  readonly client_grant: ClientGrantRow | null;
  readonly api_id: string | null;
  readonly api_identifier: string;
  readonly api_name: string | null;
  readonly api_is_system: boolean;
  readonly api_signing_secret: Buffer | null;
  readonly api_settings: Record<string, unknown>;
}

/** Which records a request names. */
export type PartiesParameter = 'party_client' | 'party_audience';

/**
 * Every write of a row gives it another `xmin`. Parts that are missing leave no trace, but their number tells which: a grant
 * needs an API.
 */
const version = sql`concat_ws(' ', tenant_settings.xmin, clients.xmin, api.xmin, client_grants.xmin)`;

const fromParties = (parameter: Parameter<PartiesParameter>) => sql`
    FROM clients CROSS JOIN tenant_settings
      LEFT JOIN resource_servers AS api ON api.identifier = ${parameter('party_audience')}
      LEFT JOIN client_grants ON client_grants.audience = api.identifier AND client_grants.client_id = clients.client_id
        AND client_grants.subject_type = 'client'
    WHERE clients.client_id = ${parameter('party_client')}`;

const selectParties = createStatement<PartiesParameter, PartyRow>(
  (parameter) => sql<PartyRow>`
    SELECT clients.client_id, clients.name, clients.is_global, clients.is_first_party, clients.app_type, clients.client_secret,
      clients.settings, clients.created_at, tenant_settings.settings AS tenant_settings,
      to_jsonb(client_grants) AS client_grant, api.id AS api_id, api.identifier AS api_identifier, api.name AS api_name,
      api.is_system AS api_is_system, api.signing_secret AS api_signing_secret, api.settings AS api_settings,
      ${version} AS version ${fromParties(parameter)}`,
);

/** A query that has one row while the parties are of the version, and else none. */
export function composeUnchangedParties(
  parameter: Parameter<PartiesParameter | 'party_version'>,
): RawBuilder<unknown> {
  return sql`SELECT ${fromParties(parameter)} AND ${version} = ${parameter('party_version')}`;
}

/** @returns undefined for an unknown client */
export async function findPartyRecords(
  database: Database,
  clientId: string,
  audience: string | undefined,
): Promise<PartyRecords | undefined> {
  const [row] = await selectParties(database, {
    party_client: clientId,
    party_audience: audience ?? null,
  });
  if (!row) return undefined;
  const api = row.api_id === null ? undefined : { ...toApiRow(row), id: row.api_id };
  return {
    client: toClientRecord(row),
    settings: row.tenant_settings,
    api: api && toApiRecord(api),
    grant: row.client_grant ? toGrantRecord(row.client_grant) : undefined,
    version: row.version,
  };
}

function toApiRow(row: PartyRow) {
  return {
    identifier: row.api_identifier,
    name: row.api_name,
    is_system: row.api_is_system,
    signing_secret: row.api_signing_secret,
    settings: row.api_settings,
  };
}
