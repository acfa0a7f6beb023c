import { pathStretch } from './compile-scalar.ts';
import { estimateDrive } from './drive.ts';
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
  /** All matches as a set of ids, then along the sort index, which is read alone, until the page is full. */
  | { readonly kind: 'sweep' }
  /** All matches by their indexes, then sorted. */
  | { readonly kind: 'gather' };

/** Measured on one million users, in microseconds per row; only their ratios matter. */
const cost = {
  /** Along a sort index: the rows lie anywhere in the table. */
  walkedRow: 2,
  /** Each condition on values or identities is looked up row by row, and the row's terms in a long list. */
  lookUp: 10,
  gatheredRow: 0.4,
  /** Of a path's values: they are looked up, or hashed as a whole. */
  gatheredSortValue: 2,
  gathering: 400,
  /** An entry of a sort index, held against a set. */
  sweptEntry: 0.25,
  /** A match without a value to be sorted by, looked for in order of the ids. */
  lackingRow: 10,
  /** Into the set, or out of the sort. */
  hashedRow: 0.25,
  sortedRow: 1,
};
/** Terms of a list that a row is held against one by one. */
const shortList = 20;
/** A walk goes this much further than expected before it gives up: matches are not spread evenly. */
const patience = 4;
/** Rows up to which a page's end counts as near: sorting so few out of many costs next to nothing. */
const farPage = 2_000;
/**
 * Microseconds that a walk may take in vain: little where those who have a value to be sorted by are then found by an
 * index, more where all matches would have to be fetched.
 */
const hope = { beforeFew: 8_000, beforeAll: 25_000 };

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
  // The walk begins where the tests of its own column begin to hold.
  const connection = findSortedConnection(node, sort);
  const tests: readonly IndexNode[] = [
    ...listSortTests(node, sort),
    ...(connection === undefined
      ? []
      : [{ kind: 'column', column: 'connection', test: { kind: 'any-of', values: [connection] } } as const]),
  ];
  const walkedShare = tests.reduce((product, test) => product * estimateShare(test, statistics), 1);
  // Only those who have a value to be sorted by are passed on the way.
  const passed = sortableShare(sort, statistics) * statistics.entryCount;
  const expected = Math.min((needed * walkedShare) / Math.max(share, 1e-9), passed);
  const walkedRow =
    cost.walkedRow + countLookUps(node) * cost.lookUp * (node.kind === 'and' ? share + 0.2 : 1);
  const lacking = Math.max(0, needed - matches * sortableShare(sort, statistics));
  const walking = expected * walkedRow + lacking * cost.lackingRow;
  const finding = cost.gathering + estimateDrive(node, statistics);
  const gatheredRow = cost.gatheredRow + (sort.kind === 'path' ? cost.gatheredSortValue : 0);
  const sorting = Math.min(needed, matches) > farPage ? matches * cost.sortedRow : 0;
  const gathering = finding + matches * gatheredRow + sorting;
  const sweeping =
    cost.gathering +
    matches * (cost.gatheredRow + cost.hashedRow) +
    Math.min(expected, statistics.entryCount) * cost.sweptEntry;
  const isOptional = sort.kind === 'column' && sort.isOptional;
  const hopeful = Math.ceil((isOptional ? hope.beforeFew : hope.beforeAll) / walkedRow);
  if (isUncertain(node, statistics) && needed <= 1_000 && walking >= gathering)
    return { kind: 'walk', bound: hopeful };
  if (needed >= farPage && sweeping < walking && sweeping < gathering) return { kind: 'sweep' };
  if (walking >= gathering) return { kind: 'gather' };
  return { kind: 'walk', bound: Math.max(hopeful, Math.ceil(expected * patience)) };
}

/** Conditions on the column that is sorted by: the walk's index begins and ends with them. */
export function listSortTests(node: IndexNode, sort: SortOrder): IndexNode[] {
  if (sort.kind !== 'column') return [];
  const parts = node.kind === 'and' ? node.children : [node];
  return parts.filter(
    (part) => part.kind === 'column' && part.column === sort.column && part.test.kind === 'range',
  );
}

function countLookUps(node: IndexNode): number {
  switch (node.kind) {
    case 'values':
    case 'identity':
      return 1;
    case 'terms':
      return node.anyOf.length > shortList ? 1 : 0;
    case 'not':
      return countLookUps(node.child);
    case 'and':
    case 'or':
      return node.children.reduce((sum, child) => sum + countLookUps(child), 0);
    default:
      return 0;
  }
}

/** Whether nothing is known of how many match: no sample has been taken yet, or none says. */
function isUncertain(node: IndexNode, statistics: SearchStatistics): boolean {
  switch (node.kind) {
    case 'column':
      return node.test.kind === 'like' && !statistics.columns.has(node.column);
    case 'values':
      return node.text !== undefined && !statistics.keys;
    case 'email-domain':
      return true;
    case 'roles':
      return !statistics.columns.has('role_ids');
    case 'and':
      return node.children.every((child) => isUncertain(child, statistics));
    case 'or':
      return node.children.some((child) => isUncertain(child, statistics));
    default:
      return false;
  }
}

/** Share of the users that have a value to be sorted by. */
export function sortableShare(sort: SortOrder, statistics: SearchStatistics): number {
  if (sort.kind === 'column')
    return sort.isOptional ? 1 - (statistics.columns.get(sort.column)?.nullFraction ?? 0) : 1;
  return estimateShare({ kind: 'values', stretches: [pathStretch(sort.path)] }, statistics);
}

/** The one connection whose users are asked for, where the order keeps the users of a connection together. */
export function findSortedConnection(node: IndexNode, sort: SortOrder): string | undefined {
  if (sort.kind !== 'column' || (sort.column !== 'user_id' && sort.column !== 'connection')) return undefined;
  const parts = node.kind === 'and' ? node.children : [node];
  for (const part of parts) {
    const list = part.kind === 'terms' ? part.connections : undefined;
    if (list?.field === 'name' && list.values.length === 1) return list.values[0];
  }
  return undefined;
}
