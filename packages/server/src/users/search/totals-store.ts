import { type RawBuilder, sql } from 'kysely';
import { isCountedByValues, isOfValues, splitCount } from './counts.ts';
import type { IndexNode } from './index-node.ts';
import type { PageRequest } from './page-request.ts';
import {
  countByIndexAlone,
  countByValues,
  countConnections,
  countKeys,
  countUnion,
  countValues,
  findRows,
} from './predicates-store.ts';
import { estimateShare, type SearchStatistics } from './statistics.ts';

export function composeTotal(
  { node, wantsTotal, statistics }: PageRequest,
  hasAllMatches: boolean,
): RawBuilder<unknown> {
  if (!wantsTotal) return sql`NULL::bigint`;
  if (hasAllMatches) return sql`(SELECT count(*) FROM matched)`;
  const counts = splitCount(node, statistics);
  if (!counts) return countRows(node, statistics);
  const terms = counts.map(
    ({ sign, node: part }) => sql`${sql.raw(sign === 1 ? '+' : '-')} ${countRows(part, statistics)}`,
  );
  return sql`(0 ${sql.join(terms, sql` `)})`;
}

/** Share from which reading a whole index is quicker than fetching what its trigrams find. */
const commonPattern = 0.05;

function countRows(node: IndexNode, statistics: SearchStatistics): RawBuilder<unknown> {
  if (node.kind === 'all') return sql`(SELECT count(*) FROM user_search)`;
  if (node.kind === 'values') return sql`(${countValues(node)})`;
  if (node.kind === 'column' && node.test.kind === 'like' && node.test.prefix === '') {
    const isCommon = estimateShare(node, statistics) > commonPattern;
    if (isCommon) return countByIndexAlone(node.column, node.test.pattern);
  }
  if (node.kind === 'and' && isCountedByValues(node))
    return sql`(${countByValues(node.children, statistics)})`;
  if (node.kind === 'or' && node.children.some(isOfValues)) return countUnion(node.children, statistics);
  if (node.kind === 'terms' && node.keys) return sql`(${countKeys(node.keys)})`;
  if (node.kind === 'terms' && node.connections) return sql`(${countConnections(node)})`;
  return sql`(SELECT count(*) FROM user_search AS s WHERE ${findRows(node, statistics)})`;
}
