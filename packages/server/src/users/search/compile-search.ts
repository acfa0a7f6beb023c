import { parseQuery, resolveQuery } from '@muster/query';
import { InvalidSearchError } from '../../platform/http/invalid-search.ts';
import { compileQuery } from './compile.ts';
import type { IndexNode } from './index-node.ts';
import { createRecentCache } from './recent-cache.ts';
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

/**
 * Whoever pages through a list asks the same each time, perhaps for thousands of ids. Characters of a query that is kept at
 * most: all of them together take some 20 MB at worst.
 */
const longestKept = 65_536;
const recentQueries = createRecentCache<IndexNode>(32);

function compileText(q: string): IndexNode {
  const known = recentQueries.get(q);
  if (known) return known;
  const node = compileNewText(q);
  if (q.length <= longestKept) recentQueries.set(q, node);
  return node;
}

function compileNewText(q: string): IndexNode {
  const tree = parseQuery(q);
  if (!tree.isValid) throw new InvalidSearchError(tree.problem, q);
  const resolved = resolveQuery(tree.value, userSearchSchema);
  if (!resolved.isValid) throw new InvalidSearchError(resolved.problem, q);
  return compileQuery(resolved.value);
}
