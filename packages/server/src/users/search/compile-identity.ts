import { kindOfStrategy } from '@muster/contract';
import type { NestedNode, ResolvedCondition, ResolvedTest } from '@muster/query';
import { toLikePattern } from '../../platform/database/like-pattern.ts';
import type { IdentityColumn, IdentityTest, ProfileTest } from './index-node.ts';

const columns: ReadonlyMap<string, IdentityColumn> = new Map([
  ['identities.connection', 'connection'],
  ['identities.provider', 'provider'],
  ['identities.user_id', 'provider_user_id'],
  ['identities.isSocial', 'is_social'],
]);

/** The condition as a test of one row of `identities`. */
export function compileIdentityTest(condition: ResolvedCondition): IdentityTest {
  const { field, test } = condition;
  const column = columns.get(field);
  if (column === undefined) return toProfileTest(field, test);
  switch (test.kind) {
    case 'equals':
      return { kind: 'any-of', column, values: [test.text] };
    case 'boolean':
      return { kind: 'any-of', column, values: [String(test.value)] };
    case 'matches':
      return { kind: 'like', column, pattern: toLikePattern(test.pieces), prefix: test.pieces[0] ?? '' };
    default:
      return { kind: 'like', column, pattern: '%', prefix: '' };
  }
}

/**
 * The conditions without those that another one settles: whether an account is social is a matter of its provider.
 * @returns undefined where no identity can satisfy all
 */
export function withoutImplied(lines: NestedNode['lines']): NestedNode['lines'] | undefined {
  const kinds = lines.map(([only, ...others]) =>
    only?.field === 'identities.provider' && only.test.kind === 'equals' && others.length === 0
      ? kindOfStrategy(only.test.text)
      : undefined,
  );
  const kind = kinds.find((known) => known !== undefined);
  if (kind === undefined) return lines;
  const isSettled = (line: (typeof lines)[number]) =>
    line.every(({ field, test }) => field === 'identities.isSocial' && test.kind === 'boolean');
  const isTrue = (line: (typeof lines)[number]) =>
    line.some(({ test }) => test.kind === 'boolean' && test.value === (kind === 'social'));
  return lines.filter(isSettled).every(isTrue) ? lines.filter((line) => !isSettled(line)) : undefined;
}

/** Alternatives for one column become a list. */
export function joinIdentityTests(tests: readonly IdentityTest[]): readonly IdentityTest[] {
  const values = new Map<IdentityColumn, Set<string>>();
  const others: IdentityTest[] = [];
  for (const test of tests) {
    if (test.kind !== 'any-of') {
      others.push(test);
      continue;
    }
    const known = values.get(test.column) ?? new Set();
    for (const value of test.values) known.add(value);
    values.set(test.column, known);
  }
  const lists = [...values].map(
    ([column, known]) => ({ kind: 'any-of', column, values: [...known] }) as const,
  );
  return [...lists, ...others];
}

/** Strict: a lax path unwraps a list in a list for each end of a range by itself, and what is above one need not be below the other. */
function toProfileTest(field: string, test: ResolvedTest): ProfileTest {
  const path = field.slice('identities.profileData'.length);
  const isScalar = '@.type() == "string" || @.type() == "number" || @.type() == "boolean"';
  return test.kind === 'exists'
    ? { kind: 'profile', path, reachesBelow: true, filter: `strict $ ? (${isScalar})` }
    : { kind: 'profile', path, reachesBelow: false, filter: `strict $ ? (${toFilter(test)})` };
}

function toFilter(test: ResolvedTest): string {
  switch (test.kind) {
    case 'equals': {
      const isJsonNumber = test.number === undefined && String(Number(test.text)) === test.text;
      const number =
        test.number ?? (isJsonNumber && Number.isFinite(Number(test.text)) ? Number(test.text) : undefined);
      return [
        `@ == ${JSON.stringify(test.text)}`,
        ...(test.number === undefined ? [] : [`@ == ${JSON.stringify(String(test.number))}`]),
        ...(number === undefined ? [] : [`@ == ${number}`]),
        ...(test.text === 'true' || test.text === 'false' ? [`@ == ${test.text}`] : []),
      ].join(' || ');
    }
    case 'matches':
      return `@ like_regex ${JSON.stringify(`^${test.pieces.map(escapeExpression).join('.*')}$`)} flag "s"`;
    case 'text-range':
      return joinEnds(
        test.lower && `@ ${test.lower.isInclusive ? '>=' : '>'} ${JSON.stringify(test.lower.text)}`,
        test.upper && `@ ${test.upper.isInclusive ? '<=' : '<'} ${JSON.stringify(test.upper.text)}`,
      );
    case 'number-range':
      return joinEnds(
        test.lower && `@ ${test.lower.isInclusive ? '>=' : '>'} ${test.lower.value}`,
        test.upper && `@ ${test.upper.isInclusive ? '<=' : '<'} ${test.upper.value}`,
      );
    default:
      throw new Error(`a profile value cannot be tested for ${test.kind}`);
  }
}

function joinEnds(lower: string | undefined, upper: string | undefined): string {
  return [lower, upper].filter((end) => end !== undefined).join(' && ');
}

function escapeExpression(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}/-]/g, '\\$&');
}
