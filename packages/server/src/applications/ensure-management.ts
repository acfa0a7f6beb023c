import { managementScopes } from '@muster/contract';
import { ConfigError } from '../platform/config-error.ts';
import type { Database } from '../platform/database/database.ts';
import { newClientId, newClientSecret, newHexId, newPrefixedId } from '../platform/ids.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { defaultApiSettings } from './apis/resource-servers.ts';
import { findSystemApi, insertResourceServer, updateResourceServerRow } from './apis/store.ts';
import { withDefaultSettings } from './clients/defaults.ts';
import { secretContext } from './clients/present-client.ts';
import { insertClient, insertGlobalClient, updateClientRow } from './clients/store.ts';
import { upsertClientGrant } from './grants/store.ts';
import { dashboardClientId, managementAudience } from './management-names.ts';

/**
 * Makes the system API with every scope of the contract, or brings it up to date: new scopes appear, and a changed
 * public URL takes its grants along.
 */
export async function ensureManagementApi(
  transaction: Database,
  secrets: SecretBox,
  options: { readonly publicUrl: string },
): Promise<void> {
  const existing = await findSystemApi(transaction);
  const identifier = managementAudience(options.publicUrl);
  const name = 'Muster Management API';
  const scopes = managementScopes.map((value) => ({ value }));
  if (existing) {
    await updateResourceServerRow(transaction, {
      ...existing,
      identifier,
      name,
      settings: { ...existing.settings, scopes },
    });
    return;
  }
  const settings = { ...defaultApiSettings, scopes };
  await insertResourceServer(transaction, {
    id: newHexId(),
    identifier,
    name,
    isSystem: true,
    signingSecret: null,
    settings,
  });
  const clientId = newClientId();
  await insertGlobalClient(transaction, {
    clientId,
    name: 'All Applications',
    isGlobal: true,
    isFirstParty: true,
    appType: null,
    secret: secrets.encrypt(newClientSecret(), secretContext(clientId)),
    settings: { ...withDefaultSettings({}), grant_types: [], callbacks: [] },
  });
}

/**
 * Makes the machine-to-machine client that may do everything: with the id and secret of the environment, whose
 * secret is set anew at every start, or made up once.
 * @returns its id, and the secret only where it was made up and must be told
 * @throws ConfigError when only one of id and secret is set
 */
export async function ensureManagementClient(
  transaction: Database,
  secrets: SecretBox,
  options: {
    readonly publicUrl: string;
    readonly isFirstStart: boolean;
    readonly id: string | undefined;
    readonly secret: string | undefined;
  },
): Promise<{ id: string; secret?: string } | undefined> {
  if ((options.id === undefined) !== (options.secret === undefined)) {
    throw new ConfigError(
      'Set both MUSTER_MANAGEMENT_CLIENT_ID and MUSTER_MANAGEMENT_CLIENT_SECRET, or neither.',
    );
  }
  if (options.id === undefined && !options.isFirstStart) return undefined;
  const id = options.id ?? newClientId();
  const secret = options.secret ?? newClientSecret();
  const sent = { token_endpoint_auth_method: 'client_secret_post', grant_types: ['client_credentials'] };
  await insertClient(
    transaction,
    {
      clientId: id,
      name: 'Muster Management',
      isGlobal: false,
      isFirstParty: true,
      appType: 'non_interactive',
      secret: secrets.encrypt(secret, secretContext(id)),
      settings: withDefaultSettings(sent),
    },
    'replace',
  );
  await upsertClientGrant(transaction, {
    id: newPrefixedId('cgr'),
    clientId: id,
    audience: managementAudience(options.publicUrl),
    subjectType: 'client',
    isSystem: false,
    settings: { scope: [...managementScopes] },
  });
  return options.secret === undefined ? { id, secret } : { id };
}

/**
 * Makes the single-page client that administrators sign in to the dashboard with, or brings it up to date when the public URL
 * changes. What its tokens may do is their holder's role.
 * @returns its id, and whether it was made now
 */
export async function ensureDashboardClient(
  transaction: Database,
  secrets: SecretBox,
  { publicUrl }: { readonly publicUrl: string },
): Promise<{ id: string; isNew: boolean }> {
  const address = `${publicUrl}/dashboard`;
  const client = {
    clientId: dashboardClientId,
    name: 'Muster Dashboard',
    isGlobal: false,
    isFirstParty: true,
    appType: 'spa',
    secret: secrets.encrypt(newClientSecret(), secretContext(dashboardClientId)),
    settings: withDefaultSettings({
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      callbacks: [address],
      allowed_logout_urls: [address],
      web_origins: [new URL(publicUrl).origin],
    }),
  };
  const isNew = await insertClient(transaction, client, 'replace');
  await updateClientRow(transaction, client);
  return { id: dashboardClientId, isNew };
}
