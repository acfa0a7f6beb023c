import { pathStretch } from './compile-scalar.ts';
import type { IndexNode } from './index-node.ts';
import type { SortOrder } from './sort-order.ts';
import { estimateShare, type SearchStatistics } from './statistics.ts';

/**
 * How a page is found. PostgreSQL's planner misjudges ORDER BY … LIMIT behind conditions by factors of hundreds, so
 * the choice is made here and the statement leaves it none.
 */
export type PagePlan =
  /** Along the sort index, testing row by row, for at most `bound` rows; if the page is not full then, by `gather`. */
  | { readonly kind: 'walk'; readonly bound: number }
  /** All matches by their indexes, then sorted. */
  | { readonly kind: 'gather' };

/** Measured on one million users, in microseconds per row; only their ratios matter. */
const cost = { walkedRow: 1.2, gatheredRow: 0.5, gathering: 400 };
/** A walk goes this much further than expected before it gives up: matches are not spread evenly. */
const patience = 4;
const shortestWalk = 2_000;
/** Walks that find nothing in so many rows cost some 20 ms. */
const longestHopefulWalk = 20_000;

/** @param needed rows up to the page's end, offset included */
export function planPage(
  node: IndexNode,
  sort: SortOrder,
  needed: number,
  statistics: SearchStatistics,
): PagePlan {
  if (node.kind === 'all') return { kind: 'walk', bound: needed };
  const share = estimateShare(node, statistics);
  const matches = share * statistics.entryCount;
  const expected = needed / Math.max(share * sortableShare(sort, statistics), 1e-9);
  const walking = expected * cost.walkedRow;
  const gathering = cost.gathering + matches * cost.gatheredRow;
  const isHopeful = isUncertain(node) && needed <= 1_000;
  if (isHopeful && walking >= gathering) return { kind: 'walk', bound: longestHopefulWalk };
  if (walking >= gathering) return { kind: 'gather' };
  const bound = Math.max(shortestWalk, longestHopefulWalk, Math.ceil(expected * patience));
  return { kind: 'walk', bound };
}

/** Whether the estimate may be far too low: nobody knows how many values contain a run of characters. */
function isUncertain(node: IndexNode): boolean {
  switch (node.kind) {
    case 'column':
      return node.test.kind === 'like' && node.test.prefix === '';
    case 'values':
      return node.text !== undefined;
    case 'email-domain':
      return true;
    case 'and':
      return node.children.every(isUncertain);
    case 'or':
      return node.children.some(isUncertain);
    default:
      return false;
  }
}

/** Share of the users that have a value to be sorted by. */
function sortableShare(sort: SortOrder, statistics: SearchStatistics): number {
  if (sort.kind === 'column')
    return sort.isOptional ? 1 - (statistics.columns.get(sort.column)?.nullFraction ?? 0) : 1;
  return estimateShare({ kind: 'values', stretches: [pathStretch(sort.path)] }, statistics);
}
