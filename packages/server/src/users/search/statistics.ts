import { compareCodePoints } from '@muster/query';
import type { ColumnTest, ColumnValue, IdentityTest, IndexNode, KeyStretch, RoleTest } from './index-node.ts';
import { pathCodeLength } from './search-key.ts';

/** What PostgreSQL's own statistics say of one column. */
export interface ColumnStatistics {
  readonly nullFraction: number;
  /** Distinct values; PostgreSQL's negative fractions are resolved. */
  readonly distinctCount: number;
  readonly commonValues: readonly (string | number)[];
  readonly commonFrequencies: readonly number[];
  /** Ascending; each stretch between two neighbours holds as many of the other values. */
  readonly histogram: readonly (string | number)[];
}

export interface SearchStatistics {
  readonly entryCount: number;
  readonly valueCount: number;
  readonly columns: ReadonlyMap<string, ColumnStatistics>;
  readonly keys: ColumnStatistics | undefined;
  /** Share of the entries that have a term, for the frequent ones. */
  readonly termFrequencies: ReadonlyMap<string, number>;
  /** Share below which a term is not among the frequent ones. */
  readonly rareFrequency: number;
  /** The roles that many users have. */
  readonly frequentRoles: readonly FrequentRole[];
}

export interface FrequentRole {
  readonly id: string;
  readonly folded_name: string;
  /** Of the entries that have it. */
  readonly share: number;
}

/** A share that nothing is known of; the plans it leads to are bounded. */
const unknownShare = 0.02;
/** Of a pattern that no sampled value is like. */
const rarePatternShare = 0.0005;

/** A plan asks for the same shares many times. */
const knownShares = new WeakMap<SearchStatistics, WeakMap<IndexNode, number>>();

/** Estimates which share of all entries matches, 0 to 1, conditions taken as independent of each other. */
export function estimateShare(node: IndexNode, statistics: SearchStatistics): number {
  const shares = knownShares.get(statistics) ?? new WeakMap<IndexNode, number>();
  knownShares.set(statistics, shares);
  const known = shares.get(node);
  if (known !== undefined) return known;
  const share = computeShare(node, statistics);
  shares.set(node, share);
  return share;
}

function computeShare(node: IndexNode, statistics: SearchStatistics): number {
  switch (node.kind) {
    case 'all':
      return 1;
    case 'none':
      return 0;
    case 'terms':
      return anyTermShare(node.anyOf, statistics);
    case 'column':
      return columnShare(node.test, statistics.columns.get(node.column));
    case 'values': {
      const accepts = node.text && toTest(node.text.like, pathCodeLength + 1);
      const rows = node.stretches.reduce(
        (sum, stretch) => sum + stretchShare(stretch, statistics.keys, accepts),
        0,
      );
      return Math.min(1, (rows * statistics.valueCount) / Math.max(1, statistics.entryCount));
    }
    case 'connections':
      return 0.2;
    case 'roles':
      return roleShare(node.test, statistics);
    case 'email-domain':
      return unknownShare;
    case 'identity':
      return identityShare(node.tests, statistics);
    case 'same-identity':
      return estimateShare(node.child, statistics);
    case 'different-identities':
      return 0.1 * estimateShare(node.child, statistics);
    case 'and':
      return node.children.reduce((product, child) => product * estimateShare(child, statistics), 1);
    case 'or':
      return (
        1 - node.children.reduce((product, child) => product * (1 - estimateShare(child, statistics)), 1)
      );
    case 'not':
      return 1 - estimateShare(node.child, statistics);
  }
}

/** Of what thousands of rare terms may add up to: that nearly everybody has one of them would say that NOT leaves nobody. */
const mostOfRareTerms = 0.5;

function anyTermShare(terms: readonly string[], statistics: SearchStatistics): number {
  let frequent = 0;
  let rare = 0;
  for (const term of terms) {
    const frequency = statistics.termFrequencies.get(term);
    if (frequency === undefined) rare += statistics.rareFrequency / 2;
    else frequent += frequency;
  }
  return Math.min(1, frequent + Math.min(rare, mostOfRareTerms));
}

function columnShare(test: ColumnTest, column: ColumnStatistics | undefined): number {
  if (!column) return unknownShare;
  switch (test.kind) {
    case 'present':
      return 1 - column.nullFraction;
    case 'any-of':
      return anyOfShare(test.values, column);
    case 'range':
      return rangeShare(
        test.lower && toComparable(test.lower.value),
        test.upper && toComparable(test.upper.value),
        column,
      );
    case 'like': {
      const upper = test.prefix === '' ? undefined : `${test.prefix}\u{10FFFF}`;
      return rangeShare(test.prefix === '' ? undefined : test.prefix, upper, column, toTest(test.pattern));
    }
  }
}

/** Of a role that no sampled user has. */
const rareRoleShare = 0.0005;

function roleShare(test: RoleTest, statistics: SearchStatistics): number {
  const column = statistics.columns.get('role_ids');
  if (!column) return unknownShare;
  if (test.kind === 'present') return Math.max(1 - column.nullFraction, rareRoleShare);
  if (test.kind === 'gone') return rareRoleShare;
  const frequent = findFrequentRoles(test, statistics);
  const others = 1 - frequent.reduce((product, { share }) => product * (1 - share), 1);
  return Math.max(others, rareRoleShare);
}

export type NamedTest = Extract<RoleTest, { column: string }>;

/** The roles that many users have among those for which the test holds. */
export function findFrequentRoles(
  test: NamedTest,
  { frequentRoles }: SearchStatistics,
): readonly FrequentRole[] {
  const values = test.kind === 'any-of' ? new Set(test.values) : undefined;
  const isLike = test.kind === 'like' ? toTest(test.pattern) : undefined;
  return frequentRoles.filter((role) => values?.has(role[test.column]) || isLike?.(role[test.column]));
}

/** An id names one user, or one in each of a few connections. */
function identityShare(tests: readonly IdentityTest[], statistics: SearchStatistics): number {
  for (const test of tests)
    if (test.kind === 'any-of' && test.column === 'provider_user_id')
      return Math.min(1, test.values.length / Math.max(1, statistics.entryCount));
  return unknownShare;
}

/** A LIKE pattern as a test of sampled values, what stands before `offset` left out. */
function toTest(pattern: string, offset = 0): (value: string | number) => boolean {
  const source = pattern.replaceAll(/\\([\s\S])|(%)|([^\\%])/gu, (_, escaped, wildcard, literal) =>
    wildcard === undefined ? RegExp.escape(String(escaped ?? literal)) : '[^]*',
  );
  const expression = new RegExp(`^${source}$`, 'u');
  return (value) => expression.test(String(value).slice(offset));
}

function toComparable(value: ColumnValue): string | number {
  return value instanceof Date ? value.getTime() : value;
}

function anyOfShare(values: readonly string[], column: ColumnStatistics): number {
  const wanted = new Set(values);
  let rare = wanted.size;
  let share = 0;
  for (const [index, value] of column.commonValues.entries())
    if (wanted.has(String(value))) {
      share += column.commonFrequencies[index] ?? 0;
      rare--;
    }
  const others = Math.max(1, column.distinctCount - column.commonValues.length);
  return Math.min(1, share + (rare * remainingShare(column)) / others);
}

/** Share of the rows whose value is neither missing nor among the common ones. */
function remainingShare(column: ColumnStatistics): number {
  const common = column.commonFrequencies.reduce((sum, frequency) => sum + frequency, 0);
  return Math.max(0, 1 - column.nullFraction - common);
}

function stretchShare(
  { from, before }: KeyStretch,
  column: ColumnStatistics | undefined,
  accepts?: (value: string | number) => boolean,
): number {
  return column ? rangeShare(from, before, column, accepts) : unknownShare;
}

function rangeShare(
  lower: string | number | undefined,
  upper: string | number | undefined,
  column: ColumnStatistics,
  accepts?: (value: string | number) => boolean,
): number {
  let share = 0;
  for (const [index, value] of column.commonValues.entries()) {
    const isInside =
      (lower === undefined || compare(value, lower) >= 0) &&
      (upper === undefined || compare(value, upper) < 0) &&
      (!accepts || accepts(value));
    if (isInside) share += column.commonFrequencies[index] ?? 0;
  }
  const steps = column.histogram.length - 1;
  if (steps < 1) return accepts ? Math.max(share, rarePatternShare) : share;
  const start = lower === undefined ? 0 : findPlace(lower, column.histogram);
  const end = upper === undefined ? steps : findPlace(upper, column.histogram);
  if (accepts) {
    const accepted = column.histogram.slice(start, end).filter(accepts).length;
    return Math.max(share + (accepted / steps) * remainingShare(column), rarePatternShare);
  }
  // Half a step for what lies inside one: a share of nothing would promise an empty answer.
  return share + (Math.max(end - start, 0.5) / steps) * remainingShare(column);
}

/** How many bounds lie below the value. */
function findPlace(value: string | number, bounds: readonly (string | number)[]): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bound = bounds[middle];
    if (bound !== undefined && compare(bound, value) < 0) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, bounds.length - 1);
}

function compare(left: string | number, right: string | number): number {
  return typeof left === 'number' && typeof right === 'number'
    ? left - right
    : compareCodePoints(String(left), String(right));
}
