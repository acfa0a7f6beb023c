import { parseQuery, type ResolvedNode, resolveQuery } from '@muster/query';
import { InvalidSearchError } from '../platform/http/invalid-search.ts';
import { logSearchSchema } from './search-schema.ts';

/**
 * Reads a search of the log.
 * @throws InvalidSearchError for a query that cannot be understood
 */
export function compileLogSearch(q: string): ResolvedNode {
  const tree = parseQuery(q);
  if (!tree.isValid) throw new InvalidSearchError(tree.problem, q);
  const resolved = resolveQuery(tree.value, logSearchSchema);
  if (!resolved.isValid) throw new InvalidSearchError(resolved.problem, q);
  return resolved.value;
}
