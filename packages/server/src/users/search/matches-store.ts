import { type RawBuilder, sql } from 'kysely';
import { pathStretch } from './compile-scalar.ts';
import { termedColumns } from './entry.ts';
import type { IndexNode } from './index-node.ts';
import { isLarge, type PageRequest } from './page-request.ts';
import { columnType, findRows } from './predicates-store.ts';
import { existenceTerm } from './search-key.ts';
import type { SortOrder } from './sort-order.ts';

/**
 * Every match with its sort key, or those that have one; ends in a WHERE clause that can be added to.
 * @param columns further ones of user_search AS s
 */
export function selectMatches(
  request: PageRequest,
  which: 'all' | 'present' = 'all',
  columns: RawBuilder<unknown> = sql``,
): RawBuilder<unknown> {
  const { node, sort, after, statistics } = request;
  const beyond = sql.raw(sort.isDescending ? '<' : '>');
  const key = sort.kind === 'path' ? sql`sort_value.key` : sql.ref(`s.${sort.column}`);
  const tables =
    sort.kind === 'path'
      ? sql`user_search AS s ${joinSortValue(sort.path, isLarge(request))}`
      : sql`user_search AS s`;
  const operand =
    after && (sort.kind === 'path' ? sql`${after.key}::text` : sql`${after.key}::${columnType(sort.column)}`);
  const start = !after
    ? sql``
    : after.key === null
      ? sql`AND ${key} IS NULL AND s.id ${beyond} ${after.id}::integer`
      : sql`AND (${key} IS NULL OR (${key}, s.id) ${beyond} (${operand}, ${after.id}::integer))`;
  const found = which === 'present' ? conjoin(node, sort) : node;
  // A strict test would make the join an inner one, which the planner may then begin with the values of everybody.
  const isPresent = sort.kind === 'path' ? sql`AND coalesce(${key}, '') <> ''` : sql`AND ${key} IS NOT NULL`;
  const present = which === 'present' ? isPresent : sql``;
  return sql`SELECT s.id, ${key} AS key${columns} FROM ${tables} WHERE ${findRows(found, statistics)} ${present} ${start}`;
}

/** Where a list finds the matches, the list of those who have something in the column narrows it. */
function conjoin(node: IndexNode, sort: SortOrder): IndexNode {
  const isTermed = sort.kind === 'column' && termedColumns.some((column) => column === sort.column);
  const parts = node.kind === 'and' ? node.children : [node];
  if (!isTermed || !parts.some((part) => part.kind === 'terms')) return node;
  return { kind: 'and', children: [...parts, { kind: 'terms', anyOf: [existenceTerm(sort.column)] }] };
}

function joinSortValue(path: string, isHashed: boolean): RawBuilder<unknown> {
  const { from, before } = pathStretch(path);
  const isOfPath = sql`v.key >= ${from} AND v.key < ${before}`;
  return isHashed
    ? sql`LEFT JOIN (SELECT v.id, v.key FROM user_search_values AS v WHERE ${isOfPath} OFFSET 0) AS sort_value
        ON sort_value.id = s.id`
    : sql`LEFT JOIN LATERAL (SELECT v.key FROM user_search_values AS v WHERE v.id = s.id AND ${isOfPath} OFFSET 0) AS sort_value
        ON true`;
}
