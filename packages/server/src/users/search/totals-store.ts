import { type RawBuilder, sql } from 'kysely';
import { isCountedByValues, isOfValues, splitCount } from './counts.ts';
import type { IndexNode, OrderedColumn, TextColumn, ValueKeys } from './index-node.ts';
import type { PageRequest } from './page-request.ts';
import {
  findRows,
  isAnyOf,
  mostWeighed,
  selectIdsOfValues,
  selectKnownIds,
  splitConnections,
  splitValues,
  testStretch,
  testText,
} from './predicates-store.ts';
import { estimateShare, type SearchStatistics } from './statistics.ts';

type Leaf<Kind extends IndexNode['kind']> = Extract<IndexNode, { kind: Kind }>;

/** The exact number of all matches as an expression; NULL where nobody asks for it. */
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

/**
 * How many entries have such a value: those with it at the path's own code, one each, and of those with several
 * values the ones that have it among the further ones only.
 */
function countValues(node: Leaf<'values'>): RawBuilder<unknown> {
  const [own, ...further] = node.stretches.map(
    (stretch) => sql`${testStretch(stretch)}${testText(node, true)}`,
  );
  const ownRow = node.stretches[0];
  if (!own || !ownRow) return sql`0`;
  const counts = further.map(
    (
      condition,
    ) => sql`(SELECT count(DISTINCT v.id) FROM user_search_values AS v WHERE ${condition} AND NOT EXISTS (
      SELECT 1 FROM user_search_values AS own WHERE own.id = v.id AND own.key >= ${ownRow.from} AND own.key < ${ownRow.before}
        ${node.text ? sql`AND substr(own.key, 7) LIKE ${node.text.like}` : sql``} OFFSET 0))`,
  );
  return sql.join([sql`(SELECT count(*) FROM user_search_values AS v WHERE ${own})`, ...counts], sql` + `);
}

/** How many entries have any of these whole values, by the B-tree of values alone. */
function countKeys(keys: ValueKeys): RawBuilder<unknown> {
  const { own, further } = keys;
  if (own.length > mostWeighed) {
    const all = isAnyOf(sql`v.key`, sql`text`, [...own, ...further], true);
    return sql`(SELECT count(DISTINCT v.id) FROM user_search_values AS v WHERE ${all})`;
  }
  const owned = sql`ANY(${[...own]}::text[])`;
  return sql`(SELECT count(*) FROM user_search_values AS v WHERE v.key = ${owned})
    + (SELECT count(DISTINCT v.id) FROM user_search_values AS v WHERE v.key = ANY(${[...further]}::text[]) AND NOT EXISTS (
      SELECT 1 FROM user_search_values AS own WHERE own.id = v.id AND own.key = ${owned} OFFSET 0))`;
}

/**
 * The number of entries that satisfy a conjunction of conditions on metadata, by the B-tree of values alone: the rarest
 * is read, the others are hashed sets of ids.
 */
function countByValues(children: readonly IndexNode[], statistics: SearchStatistics): RawBuilder<unknown> {
  const [driver] = children
    .filter((child) => child.kind !== 'not')
    .sort((left, right) => estimateShare(left, statistics) - estimateShare(right, statistics));
  if (!driver) throw new Error('nothing to read');
  const { own, further } = splitValues(driver);
  const filters = children
    .filter((child) => child !== driver)
    .map((child) => {
      const node = child.kind === 'not' ? child.child : child;
      return sql` AND (entry.id IN (${selectIdsOfValues(node)})) IS ${sql.raw(child.kind === 'not' ? 'NOT' : '')} TRUE`;
    });
  const rest = sql.join(filters, sql``);
  return sql`(SELECT count(*) FROM (SELECT v.id FROM user_search_values AS v WHERE ${own} OFFSET 0) AS entry WHERE true${rest})
    + (SELECT count(DISTINCT entry.id) FROM (SELECT v.id FROM user_search_values AS v WHERE ${further} OFFSET 0) AS entry
       WHERE NOT EXISTS (SELECT 1 FROM user_search_values AS v WHERE v.id = entry.id AND ${own} OFFSET 0)${rest})`;
}

/** How many entries are of users of the connections: the B-tree of primary ones, and the few with linked identities. */
function countConnections(node: Leaf<'terms'>): RawBuilder<unknown> {
  const { own, further } = splitConnections(node);
  return sql`(SELECT count(*) FROM user_search AS s WHERE ${own}) + (SELECT count(*) FROM user_search AS s WHERE ${further})`;
}

/** How many entries satisfy one of the conditions at least: ids of metadata need no rows to be fetched. */
function countUnion(children: readonly IndexNode[], statistics: SearchStatistics): RawBuilder<unknown> {
  const lists = children.map(
    (child) =>
      selectKnownIds(child) ?? sql`SELECT s.id FROM user_search AS s WHERE ${findRows(child, statistics)}`,
  );
  return sql`(SELECT count(DISTINCT id) FROM (${sql.join(lists, sql` UNION ALL `)}) AS list)`;
}

/** Counts by the column's own index, read from end to end: quicker than trigrams for a pattern that many are like. */
function countByIndexAlone(column: TextColumn | OrderedColumn, pattern: string): RawBuilder<unknown> {
  const name = sql.ref(`entry.${column}`);
  return sql`(SELECT count(*) FROM (
    SELECT ${name} AS value FROM user_search AS entry WHERE ${name} IS NOT NULL OFFSET 0) AS entry WHERE value LIKE ${pattern})`;
}
