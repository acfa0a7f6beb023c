import type { Database } from '../../platform/database/database.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { secretContext } from './present-client.ts';
import { type ClientRecord, findClientRecord, listAllowedOrigins } from './store.ts';

/** A client as the token service needs it. */
export interface Client {
  readonly clientId: string;
  readonly name: string;
  readonly secret: string | undefined;
  readonly tokenEndpointAuthMethod: string | undefined;
  readonly grantTypes: readonly string[];
  readonly isFirstParty: boolean;
  /** The properties of the wire record that have no field here; already validated when they were written. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export async function findClient(
  database: Database,
  secrets: SecretBox,
  clientId: string,
): Promise<Client | undefined> {
  const record = await findClientRecord(database, clientId);
  return record && toClient(record, secrets);
}

export function toClient(record: ClientRecord, secrets: SecretBox): Client {
  const { grant_types: grantTypes, token_endpoint_auth_method: method } = record.settings;
  return {
    clientId: record.clientId,
    name: record.name,
    secret: record.secret ? secrets.decrypt(record.secret, secretContext(record.clientId)) : undefined,
    tokenEndpointAuthMethod: typeof method === 'string' ? method : undefined,
    grantTypes: Array.isArray(grantTypes) ? grantTypes.map(String) : [],
    isFirstParty: record.isFirstParty,
    settings: { ...record.settings, ...(record.appType === null ? {} : { app_type: record.appType }) },
  };
}

/** Milliseconds; a browser repeats a refused preflight, so a new origin works a moment later. */
const originCacheTime = 5_000;
const originCaches = new WeakMap<Database, { readonly until: number; readonly origins: Promise<string[]> }>();

/** Whether some client lists the origin, or a callback on it; `*` stands for one label at the left. */
export async function isOriginAllowed(database: Database, origin: string): Promise<boolean> {
  const now = Date.now();
  let cached = originCaches.get(database);
  if (!cached || cached.until < now) {
    cached = { until: now + originCacheTime, origins: listAllowedOrigins(database) };
    originCaches.set(database, cached);
  }
  return (await cached.origins).some((allowed) => matchesOrigin(allowed, origin));
}

/** @param allowed an origin, or a URL of which the origin counts; its leftmost label may be or hold a `*` */
export function matchesOrigin(allowed: string, origin: string): boolean {
  const [, scheme, host] = /^(https?):\/\/([^/?#]+)/i.exec(allowed) ?? [];
  const [, originScheme, originHost] = /^(https?):\/\/([^/?#]+)$/i.exec(origin) ?? [];
  if (!scheme || !host || !originScheme || !originHost || scheme.toLowerCase() !== originScheme.toLowerCase())
    return false;
  const labels = host.toLowerCase().split('.');
  const originLabels = originHost.toLowerCase().split('.');
  if (labels.length !== originLabels.length) return false;
  return labels.every((label, index) => {
    if (index > 0 || !label.includes('*')) return label === originLabels[index];
    const [before = '', after = ''] = label.split('*');
    const actual = originLabels[0] ?? '';
    return (
      actual.length >= before.length + after.length && actual.startsWith(before) && actual.endsWith(after)
    );
  });
}
