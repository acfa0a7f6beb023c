import { type Kysely, sql } from 'kysely';
import { ensureAdministrator } from './administration/index.ts';
import { ensureDashboardClient, ensureManagementApi, ensureManagementClient } from './applications/index.ts';
import type { Config } from './config.ts';
import { ensureDefaultConnection } from './connections/index.ts';
import { ensureLogPartitions } from './logs/index.ts';
import type { Database } from './platform/database/database.ts';
import { migrate } from './platform/database/migrate.ts';
import type { SecretBox } from './platform/secrets/secret-box.ts';
import { ensureSigningKeys, ensureTenant } from './tenant/index.ts';

/** What was made on the first start and is told to the operator once. */
export interface BootstrapReport {
  readonly administrator?: { readonly email: string; readonly password: string };
  readonly managementClient?: { readonly id: string; readonly secret: string };
}

/** Held while a process bootstraps, so that the others wait and then find everything made. */
const bootstrapLock = 4_707_203_001;

/**
 * Makes the database ready: schema, tenant, keys, the default connection, the Management API and its client,
 * the first administrator. Idempotent, one transaction, safe from any number of processes at once.
 * @param occasion a command beside a server leaves what a server made as it is: its public URL may be another one here
 * @throws NewerSchemaError, SecretKeyMismatchError
 */
export async function bootstrap(
  database: Database,
  config: Config,
  secrets: SecretBox,
  occasion: 'start' | 'command' = 'start',
): Promise<BootstrapReport> {
  await migrate(database);
  return database.transaction().execute(async (transaction: Kysely<Record<never, never>>) => {
    await sql`SELECT pg_advisory_xact_lock(${bootstrapLock})`.execute(transaction);
    const isFirstStart = await ensureTenant(transaction, secrets);
    if (occasion === 'command' && !isFirstStart) return {};
    await ensureSigningKeys(transaction, secrets, { publicUrl: config.publicUrl });
    await ensureLogPartitions(transaction);
    await ensureManagementApi(transaction, secrets, { publicUrl: config.publicUrl });
    const managementClient = await ensureManagementClient(transaction, secrets, {
      publicUrl: config.publicUrl,
      isFirstStart,
      ...config.managementClient,
    });
    const dashboard = await ensureDashboardClient(transaction, secrets, { publicUrl: config.publicUrl });
    const connection = await ensureDefaultConnection(transaction, {
      isFirstStart,
      clientIds: [dashboard.id, ...(managementClient ? [managementClient.id] : [])],
      newClientIds: dashboard.isNew ? [dashboard.id] : [],
    });
    const administrator =
      connection &&
      (await ensureAdministrator(transaction, {
        ...config.administrator,
        hashCost: config.passwordHashCost,
        connection,
      }));
    return {
      ...(administrator ? { administrator } : {}),
      ...(managementClient?.secret
        ? { managementClient: { id: managementClient.id, secret: managementClient.secret } }
        : {}),
    };
  });
}
