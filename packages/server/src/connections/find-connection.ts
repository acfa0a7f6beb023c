import { kindOfStrategy } from '@muster/contract';
import type { Database } from '../platform/database/database.ts';
import { type Connection, kindOfConnection, parseConnectionOptions } from './connection.ts';
import {
  type ConnectionRecord,
  findConnectionRecord,
  findConnectionRecordByName,
  listAllConnectionRecords,
  listConnectionRecordsOfClient,
} from './store.ts';

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

/** The connections that an application may use, oldest first. */
export async function listConnectionsOfClient(database: Database, clientId: string): Promise<Connection[]> {
  return (await listConnectionRecordsOfClient(database, clientId)).map(toConnection);
}

/** The connection of this name, or with this realm, if the application may use it. */
export async function findConnectionOfClient(
  database: Database,
  nameOrRealm: string,
  clientId: string,
): Promise<Connection | undefined> {
  const records = await listConnectionRecordsOfClient(database, clientId);
  const hasRealm = ({ settings: { realms } }: ConnectionRecord) =>
    Array.isArray(realms) && realms.includes(nameOrRealm);
  const found = records.find(({ name }) => name === nameOrRealm) ?? records.find(hasRealm);
  return found && toConnection(found);
}

/** All connections by their names. */
export async function listConnectionsByName(database: Database): Promise<ReadonlyMap<string, Connection>> {
  const records = await listAllConnectionRecords(database);
  return new Map(records.map((record) => [record.name, toConnection(record)]));
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
