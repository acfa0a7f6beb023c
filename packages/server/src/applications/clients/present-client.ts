import type { Database } from '../../platform/database/database.ts';
import type { Caller } from '../../platform/http/caller.ts';
import { compileFieldSelection, type FieldSelection } from '../../platform/http/field-selection.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { currentCertificate } from '../../tenant/index.ts';
import { UnreadableFieldsError } from '../errors.ts';
import type { ClientRecord } from './store.ts';

export type PresentedClient = Record<string, unknown>;

/** The context under which a client's secret is encrypted. */
export const secretContext = (clientId: string) => `clients.client_secret:${clientId}`;

/** Keys that holders of `read:client_keys` alone see. */
const keyFields = ['client_secret', 'signing_keys', 'encryption_key'];
const summaryFields = ['client_id', 'name', 'app_type', 'tenant', 'global', 'is_first_party', 'logo_uri'];
const credentialFields = ['client_id', 'client_authentication_methods', 'signed_request_object'];

/** Makes the function that shows clients, all secrets included; `restrictToScopes` narrows it to the caller. */
export async function createClientPresenter(
  database: Database,
  secrets: SecretBox,
  publicUrl: string,
): Promise<(record: ClientRecord) => PresentedClient> {
  const certificate = await currentCertificate(database);
  const { hostname } = new URL(publicUrl);
  return (record) => {
    const { settings } = record;
    // Clients that prove themselves by a key have no use for a secret, and it is not shown.
    const hidesSecret = settings['client_authentication_methods'] !== undefined || record.secret === null;
    return {
      tenant: hostname.split('.')[0] || hostname,
      global: record.isGlobal,
      client_id: record.clientId,
      name: record.name,
      is_first_party: record.isFirstParty,
      ...(record.appType === null ? {} : { app_type: record.appType }),
      ...settings,
      ...(hidesSecret || record.secret === null
        ? {}
        : { client_secret: secrets.decrypt(record.secret, secretContext(record.clientId)) }),
      ...(certificate
        ? { signing_keys: [{ cert: certificate.certificate, subject: `/CN=${hostname}` }] }
        : {}),
    };
  };
}

/** What the answer to a change shows: who may neither read nor set a client's keys does not learn them by it. */
export function withoutUnreadableKeys(client: PresentedClient, { scopes }: Caller): PresentedClient {
  if (scopes.has('read:client_keys') || scopes.has('update:client_keys')) return client;
  return Object.fromEntries(Object.entries(client).filter(([key]) => !keyFields.includes(key)));
}

/**
 * Narrows what is shown to what the token's scopes allow (spec management-api §1.12) and to the asked fields.
 * @throws UnreadableFieldsError when a field is asked for that the scopes do not cover
 */
export function compileClientSelection(
  selection: FieldSelection,
  caller: Caller,
): (client: PresentedClient) => PresentedClient {
  const select = compileFieldSelection(selection, ['tenant']);
  if (caller.scopes.has('read:client_keys')) return select;
  const isAllowed = caller.scopes.has('read:clients')
    ? (key: string) => !keyFields.includes(key)
    : (key: string) =>
        (caller.scopes.has('read:client_summary') && summaryFields.includes(key)) ||
        (caller.scopes.has('read:client_credentials') && credentialFields.includes(key));
  if (selection.fields && selection.include_fields !== false) {
    if (selection.fields.split(',').some((field) => !isAllowed(field.trim())))
      throw new UnreadableFieldsError();
  }
  return (client) => select(Object.fromEntries(Object.entries(client).filter(([key]) => isAllowed(key))));
}
