import type { SessionLifetimes } from '../session-lifetimes.ts';
import type { PayloadRecord } from '../store.ts';

/** A session as the Management API shows it. */
export function presentSession(record: PayloadRecord, lifetimes: SessionLifetimes): Record<string, unknown> {
  const { payload, details } = record;
  const authenticated = new Date((payload.loginTs ?? 0) * 1000);
  const after = (from: Date, seconds: number) => new Date(from.getTime() + seconds * 1000).toISOString();
  return {
    id: payload.uid,
    user_id: record.userId,
    created_at: record.createdAt.toISOString(),
    updated_at: record.updatedAt.toISOString(),
    authenticated_at: authenticated.toISOString(),
    idle_expires_at: after(record.updatedAt, lifetimes.idle),
    expires_at: after(authenticated, lifetimes.absolute),
    last_interacted_at: record.updatedAt.toISOString(),
    device: presentDevice(details),
    clients: Object.keys(payload.authorizations ?? {}).map((id) => ({ client_id: id })),
    authentication: {
      methods: (payload.amr ?? []).map((name) => ({ name, timestamp: authenticated.toISOString() })),
    },
    cookie: { mode: lifetimes.isPersistent ? 'persistent' : 'non-persistent' },
    ...(details['metadata'] ? { session_metadata: details['metadata'] } : {}),
  };
}

export function presentDevice(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const keys = ['initial_ip', 'initial_user_agent', 'last_ip', 'last_user_agent'];
  return Object.fromEntries(keys.flatMap((key) => (key in details ? [[key, details[key]]] : [])));
}
