import type { Database } from '../../platform/database/database.ts';
import { findClientRecord } from './store.ts';

/** What pages and messages show of an application; no secret among it. */
export interface Application {
  readonly clientId: string;
  readonly name: string;
  readonly callbacks: readonly string[];
  /** Where its browser parts run: allowed and web origins, and callbacks. */
  readonly origins: readonly string[];
  /** Where a sign-in to it begins. */
  readonly loginUri: string | undefined;
  readonly clientMetadata: Readonly<Record<string, unknown>>;
}

export async function findApplication(
  database: Database,
  clientId: string,
): Promise<Application | undefined> {
  const record = await findClientRecord(database, clientId);
  if (!record) return undefined;
  const {
    callbacks,
    allowed_origins,
    web_origins,
    client_metadata: metadata,
    initiate_login_uri: loginUri,
  } = record.settings;
  return {
    clientId: record.clientId,
    name: record.name,
    callbacks: texts(callbacks),
    origins: [...texts(allowed_origins), ...texts(web_origins), ...texts(callbacks)],
    loginUri: typeof loginUri === 'string' ? loginUri : undefined,
    clientMetadata: typeof metadata === 'object' && metadata !== null ? { ...metadata } : {},
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
