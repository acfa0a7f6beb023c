import { parseQuery, resolveQuery } from '@muster/query';
import { InvalidSearchError } from '../../platform/http/invalid-search.ts';
import { compileQuery } from './compile.ts';
import type { IndexNode } from './index-node.ts';
import { userSearchSchema } from './schema.ts';

/**
 * Reads a search for users: a query, the name of a connection, both or neither, which is every user.
 * @throws InvalidSearchError for a query that cannot be understood
 */
export function compileSearch(q: string | undefined, connection: string | undefined): IndexNode {
  const query = compileText(q ?? '');
  if (connection === undefined) return query;
  const ofConnection = compileQuery({
    kind: 'condition',
    field: 'identities.connection',
    type: 'text',
    collection: 'identities',
    test: { kind: 'equals', text: connection },
    span: { start: 0, end: 0 },
  });
  return query.kind === 'all' ? ofConnection : { kind: 'and', children: [query, ofConnection] };
}

function compileText(q: string): IndexNode {
  const tree = parseQuery(q);
  if (!tree.isValid) throw new InvalidSearchError(tree.problem, q);
  const resolved = resolveQuery(tree.value, userSearchSchema);
  if (!resolved.isValid) throw new InvalidSearchError(resolved.problem, q);
  return compileQuery(resolved.value);
}
