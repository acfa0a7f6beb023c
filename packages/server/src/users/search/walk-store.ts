import { type RawBuilder, sql } from 'kysely';
import { pathStretch } from './compile-scalar.ts';
import type { IndexNode } from './index-node.ts';
import { everyoneHas, type PageRequest } from './page-request.ts';
import { findSortedConnection, listSortTests } from './plan.ts';
import { columnType, findRows, selectKnownIds, testRow } from './predicates-store.ts';

type Condition = RawBuilder<unknown>;

/** The part of the sort index that a walk goes along: the rows that have a value, after the place it begins at. */
function selectVisited(request: PageRequest, columns: Condition, bound: number): Condition {
  const { node, sort, after, plan } = request;
  const direction = sql.raw(sort.isDescending ? 'DESC' : 'ASC');
  const beyond = sql.raw(sort.isDescending ? '<' : '>');
  const isMatch = plan.kind === 'sweep' ? isAmongMatches(request) : sql``;
  if (sort.kind === 'path') {
    const stretch = pathStretch(sort.path);
    const place = after && sql`(s.key, s.id) ${beyond} (${after.key}, ${after.id}::integer)`;
    // A scan begins at one condition only: at the place, not at the end of the stretch that lies behind it.
    const lower = place && !sort.isDescending ? place : sql`s.key >= ${stretch.from}`;
    const upper = place && sort.isDescending ? place : sql`s.key < ${stretch.before}`;
    return sql`SELECT ${columns} FROM user_search_values AS s
      WHERE ${lower} AND ${upper} ${isMatch}
      ORDER BY s.key ${direction}, s.id ${direction} LIMIT ${bound}`;
  }
  const column = sql.ref(`s.${sort.column}`);
  const start = after
    ? sql`AND (${column}, s.id) ${beyond} (${after.key}::${columnType(sort.column)}, ${after.id}::integer)`
    : sql``;
  const present = sort.isOptional ? sql`${column} IS NOT NULL` : sql`true`;
  const narrowing = listSortTests(node, sort).map((test) => sql`AND ${testRow(test)}`);
  const where = sql`${present} ${start} ${isMatch} ${sql.join(narrowing, sql` `)}`;
  const order = sql`ORDER BY ${column} ${direction}, s.id ${direction} LIMIT ${bound}`;
  const connection = plan.kind === 'walk' ? findSortedConnection(node, sort) : undefined;
  if (connection === undefined) return sql`SELECT ${columns} FROM user_search AS s WHERE ${where} ${order}`;
  const { own, linked } = splitByConnection(connection, sort.column);
  return sql`SELECT ${columns} FROM (
      (SELECT s.* FROM user_search AS s WHERE ${where} AND ${own} ${order})
      UNION ALL (SELECT s.* FROM user_search AS s WHERE ${where} AND ${linked} ${order})
    ) AS s ${order}`;
}

/**
 * A stretch of the sort index with everybody of a connection, and all others with linked identities, as two parts that the
 * planner merges: in order of ids and of connections the users of one stand together, mostly far from where the index
 * begins.
 */
function splitByConnection(connection: string, column: string): { own: Condition; linked: Condition } {
  if (column === 'connection')
    return {
      // A range: rows equal in a column have no order by it, for the planner, and would be sorted.
      own: sql`s.connection >= ${connection} AND s.connection <= ${connection}`,
      linked: sql`s.identities_count > 1 AND NOT s.connection = ${connection}`,
    };
  // An id begins with the strategy of the primary identity's connection, and } comes after |.
  const edge = (character: string) =>
    sql`(SELECT strategy || ${character} FROM connections WHERE name = ${connection})`;
  return {
    // Two plain bounds would be taken for a narrow range, all of which is worth sorting.
    own: sql`s.user_id >= ${edge('|')} AND (s.user_id, s.id) < (${edge('}')}, 0)`,
    linked: sql`s.identities_count > 1 AND NOT starts_with(s.user_id, ${edge('|')})`,
  };
}

/** The matches along the sort index, `id` and `key`, up to the page's end: none where the page begins behind all values. */
export function selectWalk(request: PageRequest, needed: number): Condition {
  const { node, sort, after, plan } = request;
  const direction = sql.raw(sort.isDescending ? 'DESC' : 'ASC');
  const column = sort.kind === 'path' ? sql`s.key` : sql`${sql.ref(`s.${sort.column}`)} AS key`;
  if (after?.key === null) {
    const none = sort.kind === 'path' ? sql`NULL::text AS key` : column;
    return sql`SELECT s.id, ${none} FROM user_search AS s WHERE false`;
  }
  const bound = plan.kind === 'walk' ? plan.bound : needed;
  if (node.kind === 'all' || plan.kind === 'sweep')
    return selectVisited(request, sql`s.id, ${column}`, bound);
  return sort.kind === 'path'
    ? sql`SELECT s.id, walk.key FROM (${selectVisited(request, sql`s.id, s.key`, bound)}) AS walk
        JOIN user_search AS s ON s.id = walk.id
        WHERE ${testRow(node)} ORDER BY walk.key ${direction}, walk.id ${direction} LIMIT ${needed}`
    : sql`SELECT s.id, s.key FROM (${selectVisited(request, sql`s.*, ${column}`, bound)}) AS s
        WHERE ${testRow(node)} ORDER BY s.key ${direction}, s.id ${direction} LIMIT ${needed}`;
}

/** Whether a walk ended at its bound and not with the sort index: counting what it visited reads the index alone. */
export function gaveUp(request: PageRequest): Condition {
  const { plan, after } = request;
  if (plan.kind !== 'walk' || after?.key === null) return sql`false`;
  return sql`(SELECT count(*) FROM (${selectVisited(request, sql`1`, plan.bound)}) AS visited) >= ${plan.bound}`;
}

/** Holds ids against the set of all matches, hashed: under IS TRUE it stays one. */
function isAmongMatches(request: PageRequest): Condition {
  const { node, sort, after } = request;
  const isNamed = !after && !everyoneHas(sort) && !isKnown(node);
  return sql`AND (s.id IN (${isNamed ? sql`SELECT matches.id FROM matches` : sql`SELECT found.id FROM (${selectIds(request)}) AS found`})) IS TRUE`;
}

/** Whether indexes alone know who matches, so quickly that it is asked again rather than kept. */
export function isKnown(node: IndexNode): boolean {
  return selectKnownIds(node) !== undefined;
}

/** Ids of all matches, each once. */
export function selectIds({ node, statistics }: PageRequest): Condition {
  return selectKnownIds(node) ?? sql`SELECT s.id FROM user_search AS s WHERE ${findRows(node, statistics)}`;
}
