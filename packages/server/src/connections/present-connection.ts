import { kindOfStrategy } from '@muster/contract';
import type { Caller } from '../platform/http/caller.ts';
import type { ConnectionRecord } from './store.ts';

export type PresentedConnection = Record<string, unknown>;

/**
 * A connection as the Management API shows it. `enabled_clients` stands in single answers only: lists of many
 * connections with many clients would grow without bound.
 */
export function presentConnection(record: ConnectionRecord, form: 'single' | 'list'): PresentedConnection {
  const isEnterprise = kindOfStrategy(record.strategy) === 'enterprise';
  return {
    id: record.id,
    options: record.options,
    strategy: record.strategy,
    name: record.name,
    is_domain_connection: false,
    ...(isEnterprise ? { show_as_button: false } : {}),
    realms: [record.name],
    authentication: { active: true },
    connected_accounts: { active: false },
    ...record.settings,
    ...(form === 'single' ? { enabled_clients: record.enabledClients } : {}),
  };
}

/** Options hold providers' secrets: only callers who may read connections see them. */
export function withoutUnreadable(presented: PresentedConnection, caller: Caller): PresentedConnection {
  if (caller.scopes.has('read:connections') || caller.scopes.has('read:connections_options'))
    return presented;
  const { options: _options, ...rest } = presented;
  return rest;
}
