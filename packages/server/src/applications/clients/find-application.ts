import type { Database } from '../../platform/database/database.ts';
import { findClientRecord } from './store.ts';

/** What pages and messages show of an application; no secret among it. */
export interface Application {
  readonly clientId: string;
  readonly name: string;
  readonly callbacks: readonly string[];
  readonly clientMetadata: Readonly<Record<string, unknown>>;
}

export async function findApplication(
  database: Database,
  clientId: string,
): Promise<Application | undefined> {
  const record = await findClientRecord(database, clientId);
  if (!record) return undefined;
  const { callbacks, client_metadata: metadata } = record.settings;
  return {
    clientId: record.clientId,
    name: record.name,
    callbacks: Array.isArray(callbacks) ? callbacks.map(String) : [],
    clientMetadata: typeof metadata === 'object' && metadata !== null ? { ...metadata } : {},
  };
}
