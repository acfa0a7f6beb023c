import type { BodyOf, BruteForceProtection, updateBruteForceProtection as operation } from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import { normalizeAddress } from './login-key.ts';
import { findSettings, saveSettings } from './settings-store.ts';

export function getBruteForceProtection(database: Database): Promise<BruteForceProtection> {
  return findSettings(database);
}

/** Replaces what was sent; change and log event commit together. */
export async function updateBruteForceProtection(
  database: Database,
  change: BodyOf<typeof operation>,
  context: ChangeContext,
): Promise<BruteForceProtection> {
  return database.transaction().execute(async (transaction) => {
    const before = await findSettings(transaction, 'lock');
    const merged = { ...before, ...change };
    const after = { ...merged, shields: [...new Set(merged.shields)] };
    await saveSettings(transaction, after, after.allowlist.map(normalizeAddress));
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 200, response: after, before, after }),
    );
    return after;
  });
}
