import type { Connection } from '../../connections/index.ts';
import type { ImportedAttributes } from './check-attributes.ts';
import type { RowError } from './row-error.ts';

/** Where a row's user belongs. */
export interface Home {
  readonly connection: Connection;
  /** Id inside the connection; undefined where the row leaves it to us. */
  readonly userId: string | undefined;
}

/**
 * Finds the connection of a row: the one that its first identity names, as exports write it, else that of the import. A
 * user of another kind is never made one of the import's connection.
 */
export function findHome(
  { user_id: id, identities }: ImportedAttributes,
  rules: { readonly connection: Connection; readonly connections: ReadonlyMap<string, Connection> },
): { readonly isValid: true; readonly home: Home } | { readonly isValid: false; readonly error: RowError } {
  const own = identities?.[0];
  if (!own) {
    const userId = id && withoutPrefix(id, rules.connection.strategy);
    return { isValid: true, home: { connection: rules.connection, userId } };
  }
  const refuse = (code: RowError['code'], message: string, name: string) => ({
    isValid: false as const,
    error: { code, message, path: `identities[0].${name}` },
  });
  const connection =
    own.connection === rules.connection.name ? rules.connection : rules.connections.get(own.connection);
  if (!connection)
    return refuse(
      'CONNECTION_NOT_FOUND',
      'There is no connection of this name. A row without identities goes into the connection of the import.',
      'connection',
    );
  if (own.provider !== connection.strategy)
    return refuse('NOT_PASSED', `The provider of this connection is ${connection.strategy}.`, 'provider');
  if (id !== undefined && withoutPrefix(id, connection.strategy) !== own.user_id)
    return refuse('NOT_PASSED', 'The first identity is of another id than user_id.', 'user_id');
  return { isValid: true, home: { connection, userId: own.user_id } };
}

/** Exports carry whole ids; an id that has the prefix already is not given it twice. */
function withoutPrefix(id: string, strategy: string): string {
  return id.startsWith(`${strategy}|`) ? id.slice(strategy.length + 1) : id;
}
