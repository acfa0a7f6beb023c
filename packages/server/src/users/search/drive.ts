import { hasNegation } from './counts.ts';
import type { IndexNode } from './index-node.ts';
import { estimateShare, type SearchStatistics } from './statistics.ts';

/** How the rows of a conjunction are found: some conditions by their indexes, the others as filters of what is found. */
export interface Drive {
  readonly drivers: readonly IndexNode[];
  readonly filters: readonly IndexNode[];
  /** Estimated microseconds to find all matches. */
  readonly total: number;
}

/** Microseconds, measured on one million users; only their ratios matter. */
const cost = {
  /** Fetching a row of the index table behind a bitmap, and one id of a bitmap. */
  fetchedRow: 0.6,
  bitmapId: 0.1,
  /** Fetching a row by an id that comes from another table. */
  fetchedById: 2,
  /** Reading a value or an identity into a hashed set. */
  hashedValue: 0.35,
  hashedIdentity: 1.5,
};

/**
 * Chooses what drives a conjunction. Conditions on the index table itself drive together, as PostgreSQL combines their
 * bitmaps; a set of values or identities drives when it is so small that the rest is quicker to test than to find.
 */
export function chooseDrive(children: readonly IndexNode[], statistics: SearchStatistics): Drive {
  const positive = children.filter((child) => !hasNegation(child));
  const sets = positive.filter(isSet);
  const own = positive.filter((child) => !isSet(child));
  const candidates: (readonly IndexNode[])[] = [
    ...(own.length > 0 ? [own] : []),
    ...sets.map((set) => [set]),
  ];
  const rowsOf = (node: IndexNode) => estimateShare(node, statistics) * statistics.entryCount;
  // Summed up once: what drives is taken out again, so that thousands of candidates are weighed one by one.
  const hashing = children.reduce((sum, child) => sum + hashedCost(child, rowsOf), 0);
  let best: { drivers: readonly IndexNode[]; total: number } | undefined;
  for (const drivers of candidates) {
    const spared = drivers.reduce((sum, child) => sum + hashedCost(child, rowsOf), 0);
    const total = findingCost(drivers, statistics, rowsOf) + hashing - spared;
    if (!best || total < best.total) best = { drivers, total };
  }
  if (!best) return { drivers: [], filters: children, total: hashing };
  const driving = new Set(best.drivers);
  return { ...best, filters: children.filter((child) => !driving.has(child)) };
}

/** What finding all matches costs, in microseconds. */
export function estimateDrive(node: IndexNode, statistics: SearchStatistics): number {
  return chooseDrive(node.kind === 'and' ? node.children : [node], statistics).total;
}

function findingCost(
  drivers: readonly IndexNode[],
  statistics: SearchStatistics,
  rowsOf: (node: IndexNode) => number,
): number {
  if (!drivers.some(isSet)) return combineBitmaps(drivers.map(rowsOf), statistics.entryCount);
  const share = drivers.reduce((product, node) => product * estimateShare(node, statistics), 1);
  const reading = drivers.reduce((sum, node) => sum + rowsOf(node) * cost.bitmapId, 0);
  return share * statistics.entryCount * cost.fetchedById + reading;
}

/** PostgreSQL reads a further bitmap only where that is cheaper than fetching the rows it would rule out. */
function combineBitmaps(counts: readonly number[], entryCount: number): number {
  const [smallest = 0, ...others] = counts.toSorted((one, other) => one - other);
  let total = smallest * (cost.bitmapId + cost.fetchedRow);
  let found = smallest;
  for (const count of others) {
    const left = (found * count) / Math.max(entryCount, 1);
    const saved = (found - left) * cost.fetchedRow - count * cost.bitmapId;
    if (saved <= 0) break;
    total -= saved;
    found = left;
  }
  return total;
}

function hashedCost(node: IndexNode, rowsOf: (node: IndexNode) => number): number {
  switch (node.kind) {
    case 'values':
      return rowsOf(node) * cost.hashedValue;
    case 'identity':
      return rowsOf(node) * cost.hashedIdentity;
    case 'not':
      return hashedCost(node.child, rowsOf);
    case 'and':
    case 'or':
      return node.children.reduce((sum, child) => sum + hashedCost(child, rowsOf), 0);
    default:
      return 0;
  }
}

/** Whether the condition is answered by ids out of another table than the index table. */
export function isSet(node: IndexNode): boolean {
  switch (node.kind) {
    case 'values':
    case 'identity':
      return true;
    case 'and':
    case 'or':
      return node.children.some(isSet);
    default:
      return false;
  }
}
