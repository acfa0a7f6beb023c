import { kindOfStrategy } from '@muster/contract';
import type { Database } from '../platform/database/database.ts';
import { type Connection, kindOfConnection, parseConnectionOptions } from './connection.ts';
import { type ConnectionRecord, findConnectionRecord, findConnectionRecordByName } from './store.ts';

/** The connection of exactly this name; one that is being deleted counts as gone. */
export async function findConnectionByName(
  database: Database,
  name: string,
): Promise<Connection | undefined> {
  const record = await findConnectionRecordByName(database, name);
  return record && toConnection(record);
}

export async function findConnectionById(database: Database, id: string): Promise<Connection | undefined> {
  const record = await findConnectionRecord(database, id);
  return record && record.deletedAt === null ? toConnection(record) : undefined;
}

export function toConnection(record: ConnectionRecord): Connection {
  return {
    id: record.id,
    name: record.name,
    strategy: record.strategy,
    kind: kindOfConnection(record.strategy, record.options),
    isSocial: kindOfStrategy(record.strategy) === 'social',
    isEnabled: record.enabledClients.length > 0,
    options: parseConnectionOptions(record.options),
  };
}
