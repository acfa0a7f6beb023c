import {
  type BodyOf,
  defaultDeletedUserRetentionDays,
  type updateTenantSettings as operation,
} from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { getStoredSettings, type StoredSettings, updateStoredSettings } from './store.ts';

/** What a fresh tenant answers; stored values win. */
const defaults: StoredSettings = {
  enabled_locales: ['en'],
  flags: {
    allow_changing_enable_sso: false,
    change_pwd_flow_v1: false,
    disable_clickjack_protection_headers: false,
    disable_impersonation: true,
    enable_apis_section: true,
    enable_client_connections: false,
    enable_dynamic_client_registration: false,
    enable_pipeline2: true,
    enable_public_signup_user_exists_error: true,
    enable_sso: true,
    revoke_refresh_token_grant: false,
    universal_login: true,
  },
  sandbox_version: '24',
  universal_login: {},
  session_cookie: { mode: 'persistent' },
};
const sandboxVersions = ['24', '22', '18'];

/** Objects that PATCH merges at their first level (spec management-api §1.10). */
const mergedKeys = new Set(['flags', 'change_password', 'guardian_mfa_page', 'sessions', 'universal_login']);

/** Sent in minutes, kept and answered in hours. */
const minuteKeys = [
  'session_lifetime',
  'idle_session_lifetime',
  'ephemeral_session_lifetime',
  'idle_ephemeral_session_lifetime',
];

/** The tenant's settings as the Management API shows them. */
export async function getTenantSettings(database: Database): Promise<Record<string, unknown>> {
  return presentSettings(await getStoredSettings(database));
}

/** Days for which deleted users can be brought back; 0: not at all. */
export async function getDeletedUserRetention(database: Database): Promise<number> {
  const days = (await getStoredSettings(database))['deleted_user_retention_days'];
  return typeof days === 'number' ? days : defaultDeletedUserRetentionDays;
}

/** Merges a change into the settings; change and log event commit together. */
export async function updateTenantSettings(
  database: Database,
  change: BodyOf<typeof operation>,
  context: ChangeContext,
): Promise<Record<string, unknown>> {
  return database.transaction().execute(async (transaction) => {
    const stored = await getStoredSettings(transaction, 'lock');
    const merged = mergeSettings(stored, change);
    await updateStoredSettings(transaction, merged);
    const [before, after] = [presentSettings(stored), presentSettings(merged)];
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 200, response: after, before, after }),
    );
    return after;
  });
}

function mergeSettings(stored: StoredSettings, change: Readonly<Record<string, unknown>>): StoredSettings {
  const merged = new Map(Object.entries(stored));
  for (const [key, value] of Object.entries(change)) {
    const hoursKey = minuteKeys.find((name) => key === `${name}_in_minutes`);
    if (hoursKey) merged.set(hoursKey, Number(value) / 60);
    else if (value === null) merged.delete(key);
    else if (mergedKeys.has(key)) merged.set(key, { ...asObject(merged.get(key)), ...asObject(value) });
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

/** The same as `getTenantSettings` answers, from what `storedSettings` read. */
export function presentSettings(stored: StoredSettings): Record<string, unknown> {
  return {
    ...defaults,
    ...stored,
    flags: { ...asObject(defaults['flags']), ...asObject(stored['flags']) },
    sandbox_versions_available: sandboxVersions,
  };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
