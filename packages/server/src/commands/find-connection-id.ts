import { ConfigError } from '../platform/config-error.ts';
import { readProperty, readText, type ServerClient } from './server-client.ts';

/** The id of a connection that is named by its id or its name. @throws ConfigError for an unknown one */
export async function findConnectionId(server: ServerClient, name: string): Promise<string> {
  if (/^con_[A-Za-z0-9]{16}$/.test(name)) return name;
  const found = await server.call('GET', `/connections?name=${encodeURIComponent(name)}`);
  const [connection] = Array.isArray(found) ? found : [];
  if (readProperty(connection, 'id') === undefined)
    throw new ConfigError(`There is no connection ${name}. --connection takes a name or an id.`);
  return readText(connection, 'id');
}
