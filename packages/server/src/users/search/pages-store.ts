import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import { pathStretch } from './compile-scalar.ts';
import { isCountedByValues, isOfValues, splitCount } from './counts.ts';
import type { IndexNode } from './index-node.ts';
import { findSortedConnection, listSortTests, type PagePlan, sortableShare } from './plan.ts';
import {
  columnType,
  countByIndexAlone,
  countByValues,
  countConnections,
  countKeys,
  countUnion,
  countValues,
  findRows,
  selectKnownIds,
  testRow,
} from './predicates-store.ts';
import type { SortOrder } from './sort-order.ts';
import { estimateShare, type SearchStatistics } from './statistics.ts';

/** A place in a sorted list: the sort key as text, null where the value is missing, and the entry's id. */
export interface Position {
  readonly key: string | null;
  readonly id: number;
}

export interface PageRequest {
  readonly node: IndexNode;
  readonly sort: SortOrder;
  readonly offset: number;
  readonly limit: number;
  /** Only what comes after this place; with an offset of 0. */
  readonly after?: Position;
  readonly wantsTotal: boolean;
  readonly plan: PagePlan;
  readonly statistics: SearchStatistics;
}

export interface FoundPage {
  readonly rows: readonly (Position & { readonly userId: string })[];
  readonly total?: number;
}

/** Finds one page, and the exact number of all matches when it is wanted, in one statement and so in one snapshot. */
export async function findPage(database: Database, request: PageRequest): Promise<FoundPage> {
  const { rows } = await composePage(request).execute(database);
  const [first] = rows;
  return {
    rows: rows.flatMap(({ id, user_id: userId, key }) =>
      id === null || userId === null ? [] : [{ id, userId, key }],
    ),
    ...(first && first.total !== null ? { total: first.total } : {}),
  };
}

type Condition = RawBuilder<unknown>;

interface PageRow {
  total: number | null;
  id: number | null;
  user_id: string | null;
  key: string | null;
}

/** The statement of a page. */
export function composePage(request: PageRequest): RawBuilder<PageRow> {
  const { sort, limit, offset, plan } = request;
  const direction = sql.raw(sort.isDescending ? 'DESC' : 'ASC');
  const parts = composers[plan.kind](request);
  return sql<PageRow>`
    WITH ${parts.tables}
    SELECT total_of_all.total, page.id, page.user_id, page.key_text AS key
    FROM (SELECT ${composeTotal(request, parts.hasAllMatches)} AS total) AS total_of_all
    LEFT JOIN (
      SELECT ordered.id, ordered.key, ${keyAsText(sort, sql`ordered.key`)} AS key_text, entry.user_id FROM (
        SELECT id, key FROM (${parts.source}) AS candidate
        ORDER BY key ${direction} NULLS LAST, id ${direction} LIMIT ${limit} OFFSET ${offset}
      ) AS ordered JOIN user_search AS entry ON entry.id = ordered.id
    ) AS page ON true
    ORDER BY page.key ${direction} NULLS LAST, page.id ${direction}`;
}

/** Instants keep their milliseconds and their zone, whatever the session's settings. */
function keyAsText(sort: SortOrder, key: RawBuilder<unknown>): RawBuilder<unknown> {
  return sort.kind === 'column' && /_at$|last_login/.test(sort.column)
    ? sql`to_char(${key} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    : sql`${key}::text`;
}

interface Parts {
  readonly tables: RawBuilder<unknown>;
  /** Selects `id` and `key` of at least the page's rows. */
  readonly source: RawBuilder<unknown>;
  /** Whether `matched` holds every match, so that counting it is the total. */
  readonly hasAllMatches: boolean;
}

const composers: Readonly<Record<PagePlan['kind'], (request: PageRequest) => Parts>> = {
  walk: composeWalk,
  sweep: composeSweep,
  gather: composeGathering,
};

/** Whether every user has a value to be sorted by. */
function everyoneHas(sort: SortOrder): boolean {
  return sort.kind === 'column' && !sort.isOptional;
}

/** Materialized, or the planner would see the LIMIT and walk the sort index after all. */
function composeGathering(request: PageRequest): Parts {
  return {
    tables: sql`matched AS MATERIALIZED (${selectMatches(request)})`,
    source: sql`SELECT id, key FROM matched`,
    hasAllMatches: request.after === undefined,
  };
}

/** All matches as a set, and along the sort index whoever is in it; behind them whoever has nothing to be sorted by. */
function composeSweep(request: PageRequest): Parts {
  const { sort, after } = request;
  const needed = request.offset + request.limit;
  const walked = sql`walked AS MATERIALIZED (${selectWalk(request, needed)})`;
  if (everyoneHas(sort))
    return { tables: walked, source: sql`SELECT id, key FROM walked`, hasAllMatches: false };
  if (after) return composeWalk(request);
  return {
    tables: sql`matches AS MATERIALIZED (${selectIds(request)}), ${walked}, rest AS MATERIALIZED (
      SELECT DISTINCT id FROM matches
      WHERE (SELECT count(*) FROM walked) < ${needed} AND (id IN (SELECT id FROM walked)) IS NOT TRUE
      ORDER BY id ${sql.raw(sort.isDescending ? 'DESC' : 'ASC')} LIMIT greatest(${needed} - (SELECT count(*) FROM walked), 0))`,
    source: sql`SELECT id, key FROM walked UNION ALL SELECT id, NULL FROM rest`,
    hasAllMatches: false,
  };
}

/**
 * A walk along the sort index, and behind it what is run only when the walk gave up before it had a page: PostgreSQL
 * evaluates a condition without columns once, before it touches the table.
 */
function composeWalk(request: PageRequest): Parts {
  const { node, sort, after, plan } = request;
  const needed = request.offset + request.limit;
  const isShort = sql`(SELECT count(*) FROM walked) < ${needed}`;
  const walked = sql`walked AS MATERIALIZED (${selectWalk(request, needed)})`;
  if (node.kind === 'all') {
    if (everyoneHas(sort))
      return { tables: walked, source: sql`SELECT id, key FROM walked`, hasAllMatches: false };
    return {
      tables: sql`${walked}, missing AS MATERIALIZED (${selectMissing(request, needed)} )`,
      source: sql`SELECT id, key FROM walked UNION ALL SELECT id, NULL FROM missing WHERE ${isShort}`,
      hasAllMatches: false,
    };
  }
  const vain = sql`vain AS MATERIALIZED (SELECT CASE WHEN ${isShort} THEN ${gaveUp(request)} ELSE false END AS is_so)`;
  const isVain = sql`(SELECT is_so FROM vain)`;
  if (everyoneHas(sort))
    return {
      tables: sql`${walked}, ${vain}, matched AS MATERIALIZED (${selectMatches(request)} AND ${isVain})`,
      source: sql`SELECT id, key FROM walked WHERE NOT ${isVain} UNION ALL SELECT id, key FROM matched`,
      hasAllMatches: false,
    };
  // A sweep sees all that have a value to be sorted by, and after a place among the others there are none.
  const hasSeenPresent = plan.kind === 'sweep' || after?.key === null;
  const rest = composeRest(request, needed);
  return {
    tables: hasSeenPresent
      ? sql`${walked}, found AS MATERIALIZED (SELECT count(*) AS number FROM walked), ${rest.tables}`
      : sql`${walked}, ${vain}, present AS MATERIALIZED (${selectMatches(request, 'present')} AND ${isVain}),
          found AS MATERIALIZED (SELECT greatest((SELECT count(*) FROM walked), (SELECT count(*) FROM present)) AS number),
          ${rest.tables}`,
    source: hasSeenPresent
      ? sql`SELECT id, key FROM walked UNION ALL ${rest.source}`
      : sql`SELECT id, key FROM walked WHERE NOT ${isVain} UNION ALL SELECT id, key FROM present UNION ALL ${rest.source}`,
    hasAllMatches: false,
  };
}

/** Shares of matches, and of users without a sort value, below which it is no use to walk past ids for them. */
const leastNear = { share: 0.02, missing: 0.02 };
/** Rows that are looked at in order of their ids before all matches are fetched, and how many more than expected. */
const nearRows = { ofColumn: 20_000, ofPath: 4_000, patience: 4 };

/** Matches without a value to be sorted by, in order of their ids: the first ones if they are near, else all. */
function composeRest(request: PageRequest, needed: number): { tables: Condition; source: Condition } {
  const { node, sort, after, statistics } = request;
  // No value is in no range.
  if (listSortTests(node, sort).length > 0)
    return {
      tables: sql`rest AS MATERIALIZED (SELECT NULL::integer AS id WHERE false)`,
      source: sql`SELECT id, NULL FROM rest`,
    };
  const order = sql.raw(sort.isDescending ? 'DESC' : 'ASC');
  const start =
    after?.key === null
      ? sql`AND s.id ${sql.raw(sort.isDescending ? '<' : '>')} ${after.id}::integer`
      : sql``;
  const lacking = sql`(${needed} - (SELECT number FROM found))`;
  const all = (condition: Condition) => sql`SELECT s.id FROM user_search AS s
    WHERE ${findRows(node, statistics)} AND ${isMissing(sort, isLarge(request) ? 'many' : 'few', condition)} ${start}`;
  const share = estimateShare(node, statistics);
  const missing = 1 - sortableShare(sort, statistics);
  if (share < leastNear.share || missing < leastNear.missing)
    return {
      tables: sql`rest AS MATERIALIZED (${all(sql`${lacking} > 0`)})`,
      source: sql`SELECT id, NULL FROM rest`,
    };
  const least = sort.kind === 'path' ? nearRows.ofPath : nearRows.ofColumn;
  const bound = sql`greatest(${least}, ceil(${lacking} * ${nearRows.patience / (share * missing)}::float8))::bigint`;
  const isNear = sql`(SELECT count(*) FROM near) >= ${lacking}`;
  return {
    tables: sql`near AS MATERIALIZED (
        SELECT s.id FROM (SELECT s.* FROM user_search AS s WHERE ${lacking} > 0 ${start} ORDER BY s.id ${order} LIMIT ${bound}) AS s
        WHERE ${isMissing(sort, 'few', sql`true`)} AND ${testRow(node)} ORDER BY s.id ${order} LIMIT greatest(${lacking}, 0)
      ), rest AS MATERIALIZED (${all(sql`NOT ${isNear}`)})`,
    source: sql`SELECT id, NULL FROM near WHERE ${isNear} UNION ALL SELECT id, NULL FROM rest`,
  };
}

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

function selectWalk(request: PageRequest, needed: number): Condition {
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
function gaveUp(request: PageRequest): Condition {
  const { plan, after } = request;
  if (plan.kind !== 'walk' || after?.key === null) return sql`false`;
  return sql`(SELECT count(*) FROM (${selectVisited(request, sql`1`, plan.bound)}) AS visited) >= ${plan.bound}`;
}

/** Holds ids against the set of all matches, hashed: under IS TRUE it stays one. */
function isAmongMatches(request: PageRequest): Condition {
  const { sort, after } = request;
  const isNamed = !after && !everyoneHas(sort);
  return sql`AND (s.id IN (${isNamed ? sql`SELECT matches.id FROM matches` : sql`SELECT found.id FROM (${selectIds(request)}) AS found`})) IS TRUE`;
}

/** Ids of all matches, some perhaps more than once. */
function selectIds({ node, statistics }: PageRequest): Condition {
  return selectKnownIds(node) ?? sql`SELECT s.id FROM user_search AS s WHERE ${findRows(node, statistics)}`;
}

/** Of all users, those without a value to be sorted by, in order of their ids. */
function selectMissing(request: PageRequest, needed: number): RawBuilder<unknown> {
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
function isMissing(sort: SortOrder, rows: 'few' | 'many', isWanted: Condition): Condition {
  if (sort.kind === 'column') return sql`${sql.ref(`s.${sort.column}`)} IS NULL AND ${isWanted}`;
  const { from, before } = pathStretch(sort.path);
  if (rows === 'many')
    return sql`CASE WHEN ${isWanted} THEN (SELECT count(*) FROM user_search_values AS v WHERE v.key >= ${from} AND v.key < ${before})
        < (SELECT count(*) FROM user_search) ELSE false END
      AND (s.id IN (SELECT v.id FROM user_search_values AS v WHERE v.key >= ${from} AND v.key < ${before})) IS NOT TRUE`;
  return sql`NOT EXISTS (SELECT 1 FROM user_search_values AS v WHERE v.id = s.id AND v.key >= ${from} AND v.key < ${before})
    AND ${isWanted}`;
}

/** Matches up to which their sort values are looked up one by one; beyond, all values of the path are hashed. */
const mostLookUps = 20_000;

/** Every match with its sort key, or those that have one; ends in a WHERE clause that can be added to. */
function selectMatches(request: PageRequest, which: 'all' | 'present' = 'all'): RawBuilder<unknown> {
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
  // A strict test would make the join an inner one, which the planner may then begin with the values of everybody.
  const isPresent = sort.kind === 'path' ? sql`AND coalesce(${key}, '') <> ''` : sql`AND ${key} IS NOT NULL`;
  const present = which === 'present' ? isPresent : sql``;
  return sql`SELECT s.id, ${key} AS key FROM ${tables} WHERE ${findRows(node, statistics)} ${present} ${start}`;
}

function isLarge({ node, statistics }: PageRequest): boolean {
  return estimateShare(node, statistics) * statistics.entryCount > mostLookUps;
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

function composeTotal(
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
