import type { IndexNode } from './index-node.ts';
import { estimateShare, type SearchStatistics } from './statistics.ts';

/** A total as a sum of counts that indexes answer. */
export interface SignedCount {
  readonly sign: 1 | -1;
  /** Without negations, but in a conjunction that the values count. */
  readonly node: IndexNode;
}

/** Counts that one total may be made of; beyond, the rows are counted one by one. */
const mostCounts = 12;

/**
 * Rewrites the number of users that match as sums and differences of numbers that indexes answer: no inverted list says
 * who is not in it, but |A without B| is |A| - |A with B|, and that is two quick counts.
 * @returns `undefined` when too many counts would be needed
 */
export function splitCount(node: IndexNode, statistics: SearchStatistics): SignedCount[] | undefined {
  const counts: SignedCount[] = [];
  return collect(turnAround(node, statistics), 1, counts, statistics) ? counts : undefined;
}

/** NOT of a list becomes the list of the others where there is one and it is the shorter. */
export function turnAround(node: IndexNode, statistics: SearchStatistics): IndexNode {
  switch (node.kind) {
    case 'and':
      return { kind: 'and', children: excludeFew(node.children, statistics) };
    case 'or':
      return { kind: 'or', children: node.children.map((child) => turnAround(child, statistics)) };
    case 'not': {
      const { child } = node;
      if (child.kind !== 'terms' || !child.othersHave)
        return { kind: 'not', child: turnAround(child, statistics) };
      const others: IndexNode = { kind: 'terms', anyOf: child.othersHave };
      return estimateShare(others, statistics) < 0.5 ? others : node;
    }
    default:
      return node;
  }
}

/**
 * Beside what an index counts by itself, a list that most are on becomes NOT of the others: the users to be fetched are
 * then those that are counted off.
 */
function excludeFew(children: readonly IndexNode[], statistics: SearchStatistics): readonly IndexNode[] {
  const turned = children.map((child) => turnAround(child, statistics));
  const isLong = (child: IndexNode) =>
    child.kind === 'terms' && child.othersHave !== undefined && estimateShare(child, statistics) > 0.5;
  const long = turned.flatMap((child) => (child.kind === 'terms' && isLong(child) ? [child] : []));
  const others = turned.filter((child) => !isLong(child));
  const [list] = long;
  if (
    list?.othersHave === undefined ||
    long.length > 1 ||
    others.length !== 1 ||
    !others.every(isCountedAlone)
  )
    return turned;
  return [
    ...others,
    { kind: 'not', child: { kind: 'terms', anyOf: list.othersHave, othersHave: list.anyOf } },
  ];
}

/** Whether a B-tree says by itself how many have one of whole values. */
function isCountedAlone(node: IndexNode): boolean {
  return node.kind === 'terms' && (node.keys !== undefined || node.connections !== undefined);
}

function collect(
  node: IndexNode,
  sign: 1 | -1,
  counts: SignedCount[],
  statistics: SearchStatistics,
): boolean {
  if (counts.length > mostCounts) return false;
  const others = findOthers(node, statistics);
  if (others) {
    counts.push({ sign, node: { kind: 'all' } }, { sign: opposite(sign), node: others });
    return true;
  }
  // Beside the users of the child, whom indexes count, those with several identities are few.
  if (node.kind === 'same-identity' && !hasNegation(node.child)) {
    counts.push(
      { sign, node: node.child },
      { sign: opposite(sign), node: { ...node, kind: 'different-identities' } },
    );
    return true;
  }
  const { wanted, unwanted } = separate(node);
  if (unwanted.length === 0 || isCountedByValues(node)) {
    counts.push({ sign, node });
    return true;
  }
  const unwantedOfThem = conjunction([...wanted, disjunction(unwanted)]);
  return (
    collect(conjunction(wanted), sign, counts, statistics) &&
    collect(unwantedOfThem, opposite(sign), counts, statistics)
  );
}

/** Whether the B-tree of metadata values counts the node by itself: a conjunction of conditions on metadata. */
export function isCountedByValues(node: IndexNode): boolean {
  return (
    node.kind === 'and' &&
    node.children.some(isOfValues) &&
    node.children.every((child) => isOfValues(child.kind === 'not' ? child.child : child))
  );
}

/** Whether the B-tree of metadata values knows by itself who satisfies the condition. */
export function isOfValues(node: IndexNode): boolean {
  return node.kind === 'values' || (node.kind === 'terms' && node.keys !== undefined);
}

function opposite(sign: 1 | -1): 1 | -1 {
  return sign === 1 ? -1 : 1;
}

/** Of lists that most are on, the list of the others where there is one. */
function findOthers(node: IndexNode, statistics: SearchStatistics): IndexNode | undefined {
  if (estimateShare(node, statistics) < 0.5) return undefined;
  const lists = node.kind === 'and' ? node.children : [node];
  const others = lists.map((list) => (list.kind === 'terms' ? list.othersHave : undefined));
  if (others.some((terms) => terms === undefined)) return undefined;
  return { kind: 'terms', anyOf: [...new Set(others.flatMap((terms) => terms ?? []))] };
}

/** The node as a conjunction of wanted parts without a NOT of their own and of unwanted parts. */
function separate(node: IndexNode): { wanted: IndexNode[]; unwanted: IndexNode[] } {
  const parts = node.kind === 'and' ? node.children : [node];
  const wanted: IndexNode[] = [];
  const unwanted: IndexNode[] = [];
  for (const part of parts) {
    if (!hasNegation(part)) wanted.push(part);
    else if (part.kind === 'and') {
      const inner = separate(part);
      wanted.push(...inner.wanted);
      unwanted.push(...inner.unwanted);
    } else unwanted.push(negate(part));
  }
  return { wanted, unwanted };
}

/** NOT of the node, by De Morgan where it is an OR, so that the negation inside comes free. */
function negate(node: IndexNode): IndexNode {
  switch (node.kind) {
    case 'not':
      return node.child;
    case 'or':
      return conjunction(node.children.map(negate));
    default:
      return { kind: 'not', child: node };
  }
}

function conjunction(nodes: readonly IndexNode[]): IndexNode {
  const children = nodes.filter((node) => node.kind !== 'all');
  const [only, ...rest] = children;
  if (!only) return { kind: 'all' };
  return rest.length === 0 ? only : { kind: 'and', children };
}

function disjunction(nodes: readonly IndexNode[]): IndexNode {
  const [only, ...rest] = nodes;
  return only && rest.length === 0 ? only : { kind: 'or', children: nodes };
}

/** Whether something in the node is looked for by not being there. */
export function hasNegation(node: IndexNode): boolean {
  switch (node.kind) {
    case 'not':
      return true;
    case 'and':
    case 'or':
      return node.children.some(hasNegation);
    default:
      return false;
  }
}
