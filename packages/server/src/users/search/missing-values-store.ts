import { type RawBuilder, sql } from 'kysely';
import { pathStretch } from './compile-scalar.ts';
import type { IndexNode } from './index-node.ts';
import { type IdOrder, selectIdsInOrder } from './ordered-ids-store.ts';
import { isLarge, type PageRequest } from './page-request.ts';
import { listSortTests, sortableShare } from './plan.ts';
import { findRows, testRow } from './predicates-store.ts';
import type { SortOrder } from './sort-order.ts';
import { estimateShare, type SearchStatistics } from './statistics.ts';

type Condition = RawBuilder<unknown>;

/** Shares of matches, and of users without a sort value, below which it is no use to walk past ids for them. */
const leastNear = { share: 0.02, missing: 0.02 };
/** Rows that are looked at in order of their ids before all matches are fetched, and how many more than expected. */
const nearRows = { ofColumn: 20_000, ofPath: 4_000, patience: 4 };

/** Matches without a value to be sorted by, in order of their ids: the first ones if they are near, else all. */
export function composeRest(request: PageRequest, needed: number): { tables: Condition; source: Condition } {
  const { node, sort, after, statistics } = request;
  // No value is in no range.
  if (listSortTests(node, sort).length > 0)
    return {
      tables: sql`rest AS MATERIALIZED (SELECT NULL::integer AS id WHERE false)`,
      source: sql`SELECT id, NULL FROM rest`,
    };
  const start =
    after?.key === null
      ? sql`AND s.id ${sql.raw(sort.isDescending ? '<' : '>')} ${after.id}::integer`
      : sql``;
  const lacking = sql`(${needed} - (SELECT number FROM found))`;
  const all = (condition: Condition) => sql`SELECT s.id FROM user_search AS s
    WHERE ${findRows(node, statistics)} AND ${isMissing(sort, isLarge(request) ? 'many' : 'few', condition)} ${start}`;
  const missing = 1 - sortableShare(sort, statistics);
  const near = missing < leastNear.missing ? undefined : selectNear(request, lacking);
  if (!near)
    return {
      tables: sql`rest AS MATERIALIZED (${all(sql`${lacking} > 0`)})`,
      source: sql`SELECT id, NULL FROM rest`,
    };
  const isNear = sql`(SELECT count(*) FROM near) >= ${lacking}`;
  return {
    tables: sql`near AS MATERIALIZED (${near}), rest AS MATERIALIZED (${all(sql`NOT ${isNear}`)})`,
    source: sql`SELECT id, NULL FROM near WHERE ${isNear} UNION ALL SELECT id, NULL FROM rest`,
  };
}

/** The next matches without a value in order of their ids, as far as they are worth looking for. */
function selectNear(request: PageRequest, lacking: Condition): Condition | undefined {
  const { node, sort, after, statistics } = request;
  const missing = 1 - sortableShare(sort, statistics);
  const order = sql.raw(sort.isDescending ? 'DESC' : 'ASC');
  const start = after?.key === null ? after.id : undefined;
  const least = sort.kind === 'path' ? nearRows.ofPath : nearRows.ofColumn;
  const bound = (share: number) =>
    sql`greatest(${least}, ceil(${lacking} * ${nearRows.patience / (share * missing)}::float8))::bigint`;
  const { list, others } = chooseList(node, { isDescending: sort.isDescending, after: start }, statistics);
  if (list) {
    const share = estimateShare(others, statistics);
    if (share < leastNear.share) return undefined;
    return sql`
      SELECT s.id FROM (SELECT list.id FROM (${list}) AS list WHERE ${lacking} > 0 ORDER BY list.id ${order} LIMIT ${bound(share)}) AS list
        CROSS JOIN LATERAL (SELECT s.* FROM user_search AS s WHERE s.id = list.id OFFSET 0) AS s
      WHERE ${isMissing(sort, 'few', sql`true`)} AND ${testRow(others)} ORDER BY list.id ${order} LIMIT greatest(${lacking}, 0)`;
  }
  const share = estimateShare(node, statistics);
  if (share < leastNear.share) return undefined;
  const from =
    start === undefined ? sql`` : sql`AND s.id ${sql.raw(sort.isDescending ? '<' : '>')} ${start}::integer`;
  return sql`
    SELECT s.id FROM (SELECT s.* FROM user_search AS s WHERE ${lacking} > 0 ${from} ORDER BY s.id ${order} LIMIT ${bound(share)}) AS s
    WHERE ${isMissing(sort, 'few', sql`true`)} AND ${testRow(node)} ORDER BY s.id ${order} LIMIT greatest(${lacking}, 0)`;
}

/** Of the conditions that must hold together, the one with the shortest list of ids in order. */
function chooseList(
  node: IndexNode,
  order: IdOrder,
  statistics: SearchStatistics,
): { list?: Condition; others: IndexNode } {
  const parts = node.kind === 'and' ? node.children : [node];
  const [shortest] = parts
    .flatMap((part) => {
      const list = selectIdsInOrder(part, order);
      return list ? [{ part, list, share: estimateShare(part, statistics) }] : [];
    })
    .sort((one, other) => one.share - other.share);
  if (!shortest) return { others: node };
  const children = parts.filter((part) => part !== shortest.part);
  return { list: shortest.list, others: children.length === 0 ? { kind: 'all' } : { kind: 'and', children } };
}

/** Of all users, those without a value to be sorted by, in order of their ids. */
export function selectMissing(request: PageRequest, needed: number): RawBuilder<unknown> {
  const { sort, after } = request;
  const direction = sql.raw(sort.isDescending ? 'DESC' : 'ASC');
  const start =
    after && after.key === null
      ? sql`AND s.id ${sql.raw(sort.isDescending ? '<' : '>')} ${after.id}::integer`
      : sql``;
  return sql`SELECT s.id FROM user_search AS s
    WHERE ${isMissing(sort, sortableShare(sort, request.statistics) > mostLookedUp ? 'many' : 'few', sql`(SELECT count(*) FROM walked) < ${needed}`)} ${start}
    ORDER BY s.id ${direction} LIMIT ${needed}`;
}

/** Share of users with a value from which one set of them is quicker than a look-up for each on the way. */
const mostLookedUp = 0.9;

/**
 * Whether a row has nothing to be sorted by; `many` rows are held against the set of those that have, unless a count
 * says that everybody has.
 * @param isWanted a condition without columns, under which alone anything is looked for; a CASE, because PostgreSQL orders
 *   the parts of an AND by its own idea of their cost and may count a million users first
 */
export function isMissing(sort: SortOrder, rows: 'few' | 'many', isWanted: Condition): Condition {
  if (sort.kind === 'column') return sql`${sql.ref(`s.${sort.column}`)} IS NULL AND ${isWanted}`;
  const { from, before } = pathStretch(sort.path);
  if (rows === 'many')
    return sql`CASE WHEN ${isWanted} THEN (SELECT count(*) FROM user_search_values AS v WHERE v.key >= ${from} AND v.key < ${before})
        < (SELECT count(*) FROM user_search) ELSE false END
      AND (s.id IN (SELECT v.id FROM user_search_values AS v WHERE v.key >= ${from} AND v.key < ${before})) IS NOT TRUE`;
  return sql`NOT EXISTS (SELECT 1 FROM user_search_values AS v WHERE v.id = s.id AND v.key >= ${from} AND v.key < ${before})
    AND ${isWanted}`;
}
