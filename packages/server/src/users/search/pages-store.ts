import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import { selectMatches } from './matches-store.ts';
import { composeRest, selectMissing } from './missing-values-store.ts';
import { selectIdsInOrder } from './ordered-ids-store.ts';
import { everyoneHas, isLarge, type PageRequest, type Position } from './page-request.ts';
import { type PagePlan, sortableShare } from './plan.ts';
import type { SortOrder } from './sort-order.ts';
import { estimateShare } from './statistics.ts';
import { composeTotal } from './totals-store.ts';
import { gaveUp, isKnown, selectIds, selectWalk } from './walk-store.ts';

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
  const userId = parts.hasUserIds ? sql`ordered.user_id` : sql`entry.user_id`;
  return sql<PageRow>`
    ${parts.tables ? sql`WITH ${parts.tables}` : sql``}
    SELECT total_of_all.total, page.id, page.user_id, page.key_text AS key
    FROM (SELECT ${composeTotal(request, parts.hasAllMatches)} AS total) AS total_of_all
    LEFT JOIN (
      SELECT ordered.id, ordered.key, ${keyAsText(sort, sql`ordered.key`)} AS key_text, ${userId} AS user_id FROM (
        SELECT * FROM (${parts.source}) AS candidate
        ORDER BY key ${direction} NULLS LAST, id ${direction} LIMIT ${limit} OFFSET ${parts.offset ?? offset}
      ) AS ordered ${parts.hasUserIds ? sql`` : sql`JOIN user_search AS entry ON entry.id = ordered.id`}
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
  /** Common table expressions that the source is made of. */
  readonly tables?: RawBuilder<unknown>;
  /** Selects `id` and `key` of at least the page's rows, and `user_id` where it says so. */
  readonly source: RawBuilder<unknown>;
  readonly hasUserIds?: boolean;
  /** Whether `matched` holds every match, so that counting it is the total. */
  readonly hasAllMatches: boolean;
  /** Rows of the source before the page, where they are not the request's. */
  readonly offset?: RawBuilder<unknown>;
}

const composers: Readonly<Record<PagePlan['kind'], (request: PageRequest) => Parts>> = {
  walk: composeWalk,
  sweep: composeSweep,
  gather: composeGathering,
};

/** Materialized, or the planner would see the LIMIT and walk the sort index after all. */
function composeGathering(request: PageRequest): Parts {
  // Whose rows are few, as they are fetched anyway; of many, wide rows would cost more than finding a page's anew.
  const hasUserIds = !isLarge(request);
  return {
    tables: sql`matched AS MATERIALIZED (${selectMatches(request, 'all', hasUserIds ? sql`, s.user_id` : sql``)})`,
    source: sql`SELECT * FROM matched`,
    hasUserIds,
    hasAllMatches: request.after === undefined,
  };
}

/** Times as many matches as a page needs that must be expected to have a value before they are not kept. */
const ample = 1.5;

/** All matches as a set, and along the sort index whoever is in it; behind them whoever has nothing to be sorted by. */
function composeSweep(request: PageRequest): Parts {
  const { node, sort, after, offset, limit, statistics } = request;
  const needed = offset + limit;
  const walk = selectWalk(request, needed);
  if (everyoneHas(sort)) return { source: walk, hasAllMatches: false };
  if (after) return composeWalk(request);
  const kept = keepMatches(request, needed);
  const present = estimateShare(node, statistics) * sortableShare(sort, statistics) * statistics.entryCount;
  if (present < needed * ample) return { ...kept, hasAllMatches: false };
  // The rows before the page are passed without being kept; all that is behind them is evaluated only if it is needed.
  const direction = sql.raw(sort.isDescending ? 'DESC' : 'ASC');
  const isShort = sql`(SELECT count(*) FROM page_found) < ${limit}`;
  return {
    tables: sql`${kept.tables}, page_found AS MATERIALIZED (
      SELECT id, key FROM (${walk}) AS walk ORDER BY key ${direction}, id ${direction} LIMIT ${limit} OFFSET ${offset})`,
    source: sql`SELECT id, key FROM page_found WHERE NOT (${isShort})
      UNION ALL SELECT id, key FROM (${kept.source}) AS kept WHERE ${isShort}`,
    offset: sql`(SELECT CASE WHEN ${isShort} THEN ${offset}::bigint ELSE 0 END)`,
    hasAllMatches: false,
  };
}

/** A sweep whose rows are kept up to the page's end, and counted, so that those without a value can follow. */
function keepMatches(request: PageRequest, needed: number): { tables: Condition; source: Condition } {
  const { node, sort } = request;
  const direction = sql.raw(sort.isDescending ? 'DESC' : 'ASC');
  const lacking = sql`greatest(${needed} - (SELECT count(*) FROM walked), 0)`;
  const isLeft = sql`(SELECT count(*) FROM walked) < ${needed} AND (list.id IN (SELECT id FROM walked)) IS NOT TRUE`;
  const inOrder = selectIdsInOrder(node, sort);
  const matches = isKnown(node) ? sql`` : sql`matches AS MATERIALIZED (${selectIds(request)}),`;
  const rest = inOrder
    ? sql`SELECT list.id FROM (${inOrder}) AS list WHERE ${isLeft} LIMIT ${lacking}`
    : sql`SELECT list.id FROM (${isKnown(node) ? selectIds(request) : sql`SELECT id FROM matches`}) AS list
        WHERE ${isLeft} ORDER BY list.id ${direction} LIMIT ${lacking}`;
  return {
    tables: sql`${matches} walked AS MATERIALIZED (${selectWalk(request, needed)}), rest AS MATERIALIZED (${rest})`,
    source: sql`SELECT id, key FROM walked UNION ALL SELECT id, NULL FROM rest`,
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
