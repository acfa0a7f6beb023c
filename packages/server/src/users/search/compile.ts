import type { NestedNode, ResolvedCondition, ResolvedNode, ResolvedTest } from '@muster/query';
import { toLikePattern, toRuns } from '../../platform/database/like-pattern.ts';
import { compileIdentityTest, joinIdentityTests, withoutImplied } from './compile-identity.ts';
import { compileRole, joinRoles } from './compile-role.ts';
import { compileScalar } from './compile-scalar.ts';
import { absent } from './entry.ts';
import type { ColumnTest, IndexNode, OrderedColumn, TextColumn } from './index-node.ts';
import { freeFields } from './schema.ts';
import { afterPrefix, cutText, existenceTerm, valueTerm } from './search-key.ts';

type Leaf<Kind extends IndexNode['kind']> = Extract<IndexNode, { kind: Kind }>;

const textColumns: ReadonlySet<string> = new Set([
  'user_id',
  'email',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'username',
  'phone_number',
  'last_ip',
  'connection',
] satisfies TextColumn[]);
const orderedColumns: ReadonlySet<string> = new Set([
  'logins_count',
  'created_at',
  'updated_at',
  'last_login',
] satisfies OrderedColumn[]);

/** Translates a checked query to index conditions; ORs of whole values become lists. */
export function compileQuery(node: ResolvedNode): IndexNode {
  switch (node.kind) {
    case 'all':
      return node;
    case 'condition':
      return compileCondition(node);
    case 'nested':
      return compileNested(node);
    case 'not':
      return { kind: 'not', child: compileQuery(node.child) };
    case 'and':
      return compileAnd(node.children.map(compileQuery));
    case 'or':
      return compileOr(node.children.map(compileQuery));
  }
}

function flatten(kind: 'and' | 'or', nodes: readonly IndexNode[]): IndexNode[] {
  // Queries may name thousands of values, few of which are junctions.
  if (!nodes.some((node) => node.kind === kind)) return [...nodes];
  return nodes.flatMap((node) => (node.kind === kind ? node.children : [node]));
}

/** A condition and its opposite leave nobody; finding that out from the index would take reading both lists. */
function compileAnd(nodes: readonly IndexNode[]): IndexNode {
  const parts = flatten('and', nodes).filter((node) => node.kind !== 'all');
  // Beside other lists, those who are not on a list are looked for on the list of the others.
  const hasLists = parts.some((part) => part.kind === 'terms');
  const children = joinExclusions(parts.map((part) => (hasLists ? turnAround(part) : part)));
  const unwanted = parts.flatMap((part) => (part.kind === 'not' ? part.child : []));
  const wanted = unwanted.length > 0 ? parts.filter((part) => part.kind !== 'not') : [];
  const texts = new Set(wanted.map((part) => JSON.stringify(part)));
  const isContradiction =
    parts.some((part) => part.kind === 'none') ||
    (texts.size > 0 && unwanted.some((part) => texts.has(JSON.stringify(part))));
  if (isContradiction) return { kind: 'none' };
  const [only, ...rest] = children;
  if (!only) return { kind: 'all' };
  return rest.length === 0 ? only : { kind: 'and', children };
}

/** Neither a nor b is not one of both: values of one field that are excluded one by one are excluded as a list. */
function joinExclusions(nodes: readonly IndexNode[]): IndexNode[] {
  const excluded = new Map<string, IndexNode[]>();
  const others: IndexNode[] = [];
  for (const node of nodes) {
    const list = node.kind === 'not' ? nameList(node.child) : undefined;
    if (node.kind !== 'not' || list === undefined) {
      others.push(node);
      continue;
    }
    const known = excluded.get(list);
    if (known) known.push(node.child);
    else excluded.set(list, [node.child]);
  }
  for (const children of excluded.values()) others.push({ kind: 'not', child: compileOr(children) });
  return others;
}

/** What whole values are joined to one list by; undefined of anything else. */
function nameList(node: IndexNode): string | undefined {
  switch (node.kind) {
    case 'terms':
      return node.othersHave ? undefined : nameTerms(node);
    case 'column':
      return listValues(node) && node.column;
    case 'identity':
      return findProviderIds(node) && 'identity';
    case 'roles':
      return node.test.kind === 'any-of' ? `roles ${node.test.column}` : undefined;
    case 'or': {
      const names = node.children.map(nameList);
      return names.includes(undefined) ? undefined : names.join(' ');
    }
    default:
      return undefined;
  }
}

function nameTerms({ keys, connections }: Leaf<'terms'>): string {
  return keys?.path ?? (connections ? `connections ${connections.field}` : '');
}

/** The whole values that a column is tested for. */
function listValues({ test }: Leaf<'column'>): readonly string[] | undefined {
  if (test.kind === 'any-of') return test.values;
  if (test.kind !== 'range' || typeof test.lower?.value !== 'number') return undefined;
  return test.lower.value === test.upper?.value ? [String(test.lower.value)] : undefined;
}

/** The ids that are all that identities are tested for. */
function findProviderIds({ tests }: Leaf<'identity'>): readonly string[] | undefined {
  const [only, ...others] = tests;
  const isAlone = others.length === 0 && only?.kind === 'any-of' && only.column === 'provider_user_id';
  return isAlone ? only.values : undefined;
}

function turnAround(node: IndexNode): IndexNode {
  if (node.kind !== 'not' || node.child.kind !== 'terms' || !node.child.othersHave) return node;
  return { kind: 'terms', anyOf: node.child.othersHave, othersHave: node.child.anyOf };
}

/** Joins whole values of one column, and terms, into lists that one scan answers. */
function compileOr(nodes: readonly IndexNode[]): IndexNode {
  const [single, ...more] = nodes;
  if (single && more.length === 0) return single;
  const terms = new Map<string, Leaf<'terms'>[]>();
  const values = new Map<Leaf<'column'>['column'], Set<string>>();
  const ids = new Set<string>();
  const roles: Leaf<'roles'>[] = [];
  const others: IndexNode[] = [];
  for (const node of flatten('or', nodes)) {
    if (node.kind === 'all') return node;
    if (node.kind === 'none') continue;
    if (node.kind === 'terms') {
      const path = nameTerms(node);
      const known = terms.get(path);
      if (known) known.push(node);
      else terms.set(path, [node]);
      continue;
    }
    const listed = node.kind === 'column' ? listValues(node) : undefined;
    const providerIds = node.kind === 'identity' ? findProviderIds(node) : undefined;
    if (node.kind === 'column' && listed) {
      const known = values.get(node.column) ?? new Set();
      for (const value of listed) known.add(value);
      values.set(node.column, known);
    } else if (providerIds) for (const id of providerIds) ids.add(id);
    else if (node.kind === 'roles') roles.push(node);
    else others.push(node);
  }
  const lists: IndexNode[] = [...[...terms.values()].map(joinTerms), ...joinRoles(roles)];
  for (const [column, known] of values)
    lists.push({ kind: 'column', column, test: { kind: 'any-of', values: [...known] } });
  if (ids.size > 0)
    lists.push({
      kind: 'identity',
      tests: [{ kind: 'any-of', column: 'provider_user_id', values: [...ids] }],
    });
  const children = [...lists, ...others];
  const [only, ...rest] = children;
  if (!only) return { kind: 'none' };
  return rest.length === 0 ? only : { kind: 'or', children };
}

/** One list of terms; where all are values of one path, with their keys. */
function joinTerms(nodes: readonly Leaf<'terms'>[]): IndexNode {
  const [single, ...more] = nodes;
  if (single && more.length === 0) return single;
  const anyOf = [...new Set(nodes.flatMap((node) => node.anyOf))];
  const [field] = nodes.map(({ connections }) => connections?.field);
  if (field !== undefined) {
    const values = new Set(nodes.flatMap(({ connections }) => connections?.values ?? []));
    return { kind: 'terms', anyOf, connections: { field, values: [...values] } };
  }
  const keys = nodes.flatMap((node) => node.keys ?? []);
  const [first] = keys;
  if (!first || keys.length < nodes.length) return { kind: 'terms', anyOf };
  const join = (lists: readonly (readonly string[])[]) => [...new Set(lists.flat())];
  return {
    kind: 'terms',
    anyOf,
    keys: {
      path: first.path,
      own: join(keys.map(({ own }) => own)),
      further: join(keys.map(({ further }) => further)),
    },
  };
}

function isTextColumn(column: string): column is TextColumn {
  return textColumns.has(column);
}

function isOrderedColumn(column: string): column is OrderedColumn {
  return orderedColumns.has(column);
}

function compileCondition(condition: ResolvedCondition): IndexNode {
  const { field, test, type } = condition;
  if (type === 'free') return compileFree(test);
  if (type === 'scalar') return compileScalar(field, test);
  if (field === 'email.domain') return compileEmailDomain(test);
  if (field === 'logins_count' && test.kind === 'number-range') return compileCounter(field, test);
  if (isOrderedColumn(field)) return { kind: 'column', column: field, test: toOrderedTest(test) };
  if (isTextColumn(field)) return { kind: 'column', column: field, test: toTextTest(test) };
  if (field === 'role' || field === 'role_id') return compileRole(field, test);
  if (type === 'boolean') return compileBoolean(field, test);
  if (field === 'identities.user_id' && test.kind === 'equals')
    return { kind: 'identity', tests: [compileIdentityTest(condition)] };
  // What is left are words kept as terms: organization_id, connections and providers.
  if (test.kind === 'equals')
    return {
      kind: 'terms',
      anyOf: [valueTerm(field, test.text)],
      ...listConnections(field, test.text),
    };
  if (condition.collection !== undefined) return compileIdentityPattern(condition);
  if (test.kind === 'exists') return { kind: 'terms', anyOf: [existenceTerm(field)] };
  throw new Error(`${field} cannot be tested for ${test.kind}`);
}

function listConnections(field: string, text: string): Pick<Leaf<'terms'>, 'connections'> {
  if (field === 'identities.connection') return { connections: { field: 'name', values: [text] } };
  return field === 'identities.provider' ? { connections: { field: 'strategy', values: [text] } } : {};
}

/** Every user has an identity with all of its fields. */
function compileIdentityPattern(condition: ResolvedCondition): IndexNode {
  const { field, test } = condition;
  if (test.kind !== 'matches') return { kind: 'all' };
  const like = toLikePattern(test.pieces);
  if (field === 'identities.connection') return { kind: 'connections', field: 'name', like };
  if (field === 'identities.provider') return { kind: 'connections', field: 'strategy', like };
  return { kind: 'identity', tests: [compileIdentityTest(condition)] };
}

function compileBoolean(field: string, test: ResolvedTest): IndexNode {
  const wanted = test.kind === 'boolean' ? [String(test.value)] : ['true', 'false'];
  const others = ['true', 'false', ...(isOfIdentity(field) ? [] : [absent])].filter(
    (text) => !wanted.includes(text),
  );
  return {
    kind: 'terms',
    anyOf: wanted.map((text) => valueTerm(field, text)),
    // One user may have identities of both kinds.
    ...(isOfIdentity(field) ? {} : { othersHave: others.map((text) => valueTerm(field, text)) }),
  };
}

function isOfIdentity(field: string): boolean {
  return field.startsWith('identities.');
}

/** Without a field: the whole value of any of the names and the address. */
function compileFree(test: ResolvedTest): IndexNode {
  return {
    kind: 'or',
    children: freeFields.map((column) => ({ kind: 'column', column, test: toTextTest(test) })),
  };
}

function compileEmailDomain(test: ResolvedTest): IndexNode {
  if (test.kind === 'equals') return { kind: 'terms', anyOf: [valueTerm('email.domain', test.text)] };
  if (test.kind === 'matches')
    return { kind: 'email-domain', like: toLikePattern(test.pieces), runs: toRuns(test.pieces) };
  return { kind: 'column', column: 'email', test: { kind: 'present' } };
}

function toTextTest(test: ResolvedTest): ColumnTest {
  switch (test.kind) {
    case 'equals':
      return { kind: 'any-of', values: [cutText(test.text)] };
    case 'matches':
      return toPatternTest(test.pieces);
    case 'text-range':
      return {
        kind: 'range',
        ...(test.lower ? { lower: { value: test.lower.text, isInclusive: test.lower.isInclusive } } : {}),
        ...(test.upper ? { upper: { value: test.upper.text, isInclusive: test.upper.isInclusive } } : {}),
      };
    default:
      return { kind: 'present' };
  }
}

/** `jane*` is a range of the B-tree; any other pattern is compared, behind what the trigrams or a prefix leave. */
function toPatternTest(pieces: readonly string[]): ColumnTest {
  const [prefix = '', ...rest] = pieces;
  if (rest.length === 1 && rest[0] === '') {
    const before = afterPrefix(prefix);
    return {
      kind: 'range',
      lower: { value: prefix, isInclusive: true },
      ...(before === undefined ? {} : { upper: { value: before, isInclusive: false } }),
    };
  }
  return { kind: 'like', pattern: toLikePattern(pieces), prefix, runs: toRuns(pieces) };
}

const largestInteger = 2 ** 31 - 1;

/** A range of whole numbers that PostgreSQL's integer can hold: any other operand would bypass the column's index. */
function compileCounter(
  column: OrderedColumn,
  { lower, upper }: Extract<ResolvedTest, { kind: 'number-range' }>,
): IndexNode {
  const from = lower && (lower.isInclusive ? Math.ceil(lower.value) : Math.floor(lower.value) + 1);
  const upTo = upper && (upper.isInclusive ? Math.floor(upper.value) : Math.ceil(upper.value) - 1);
  const least = Math.max(from ?? -largestInteger, -largestInteger);
  const most = Math.min(upTo ?? largestInteger, largestInteger);
  if (least > most) return { kind: 'none' };
  const test: ColumnTest = {
    kind: 'range',
    ...(lower ? { lower: { value: least, isInclusive: true } } : {}),
    ...(upper ? { upper: { value: most, isInclusive: true } } : {}),
  };
  return { kind: 'column', column, test };
}

function toOrderedTest(test: ResolvedTest): ColumnTest {
  if (test.kind === 'instant-range')
    return {
      kind: 'range',
      ...(test.from === undefined ? {} : { lower: { value: new Date(test.from), isInclusive: true } }),
      ...(test.before === undefined ? {} : { upper: { value: new Date(test.before), isInclusive: false } }),
    };
  return { kind: 'present' };
}

/**
 * Conditions that one identity must satisfy. The index says which users satisfy each by some identity; only users
 * with several identities are looked at again.
 */
function compileNested({ lines: asked }: NestedNode): IndexNode {
  const lines = withoutImplied(asked);
  if (!lines) return { kind: 'none' };
  const children = lines.map((line) => compileOr(line.map(compileCondition)));
  const tests = lines.map((line) => {
    const alternatives = joinIdentityTests(line.map(compileIdentityTest));
    const [only, ...rest] = alternatives;
    return only && rest.length === 0 ? only : ({ kind: 'or', tests: alternatives } as const);
  });
  // The table of identities answers a conjunction with an id by itself, but not which profiles callers are shown.
  const hasId = lines.some((line) =>
    line.every(({ field, test }) => field === 'identities.user_id' && test.kind === 'equals'),
  );
  if (hasId && lines.flat().every(({ type }) => type !== 'scalar')) return { kind: 'identity', tests };
  const child = compileAnd(children);
  return lines.length === 1 ? child : { kind: 'same-identity', child, tests };
}
