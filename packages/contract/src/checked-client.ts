import { Check } from 'typebox/value';
import { createTrustingClient, type ManagementClient, type ManagementClientOptions } from './client.ts';

/** A client that refuses an answer which its contract does not describe. */
export function createManagementClient(options: Omit<ManagementClientOptions, 'check'>): ManagementClient {
  return createTrustingClient({ ...options, check: Check });
}
