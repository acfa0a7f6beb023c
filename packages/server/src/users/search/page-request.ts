import type { IndexNode } from './index-node.ts';
import type { PagePlan } from './plan.ts';
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

/** Whether every user has a value to be sorted by. */
export function everyoneHas(sort: SortOrder): boolean {
  return sort.kind === 'column' && !sort.isOptional;
}

/** Matches up to which their sort values are looked up one by one; beyond, all values of the path are hashed. */
const mostLookUps = 20_000;

/** Whether so many match that what is wanted of them is hashed as a whole. */
export function isLarge({ node, statistics }: PageRequest): boolean {
  return estimateShare(node, statistics) * statistics.entryCount > mostLookUps;
}
