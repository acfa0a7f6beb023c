import { type RawBuilder, sql } from 'kysely';
import { isOfValues } from './counts.ts';
import { chooseDrive } from './drive.ts';
import { toBigintArray } from './entries-store.ts';
import type {
  ColumnTest,
  IdentityTest,
  IndexNode,
  KeyStretch,
  OrderedColumn,
  TextColumn,
} from './index-node.ts';
import { holdsInProfile } from './profile-store.ts';
import { hasRole } from './roles-store.ts';
import { afterPrefix } from './search-key.ts';
import type { SearchStatistics } from './statistics.ts';

type Condition = RawBuilder<unknown>;
type Leaf<Kind extends IndexNode['kind']> = Extract<IndexNode, { kind: Kind }>;

/** Columns of `user_search_profile_text`, and its expression as the migration wrote it. */
const profileTextColumns: ReadonlySet<string> = new Set([
  'email',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'username',
  'phone_number',
]);
const profileText = sql.raw(
  [...profileTextColumns].map((column) => `coalesce(s.${column}, '')`).join(` || E'\\n' || `),
);

/** The text of a value, as `user_search_values_text` indexes it. */
const valueText = sql.raw('substr(v.key, 7)');

const columnTypes: Readonly<Record<TextColumn | OrderedColumn, string>> = {
  user_id: 'text',
  email: 'text',
  name: 'text',
  given_name: 'text',
  family_name: 'text',
  nickname: 'text',
  username: 'text',
  phone_number: 'text',
  last_ip: 'text',
  connection: 'text',
  logins_count: 'integer',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  last_login: 'timestamptz',
};

/** The type of a column's operands, as a cast. */
export function columnType(column: TextColumn | OrderedColumn): RawBuilder<unknown> {
  return sql.raw(columnTypes[column]);
}

/** Where a condition stands decides how it is written: PostgreSQL plans what it is given. */
type Form =
  /** A filter of rows that are visited anyway, few of them: tables beside are looked up row by row. */
  | 'row'
  /** A filter of many rows: sets of ids are read once and hashed. */
  | 'filter'
  /** What rows are found by: everything is an index condition, so that it becomes a bitmap. */
  | 'index';

/** The condition as a filter for walks along a sort index. */
export function testRow(node: IndexNode): Condition {
  return compose(node, 'row', undefined);
}

/** The condition for finding all rows of the index table, AS s, that match. */
export function findRows(node: IndexNode, statistics: SearchStatistics): Condition {
  return composeConjunction(node.kind === 'and' ? node.children : [node], 'index', statistics);
}

function compose(node: IndexNode, form: Form, statistics: SearchStatistics | undefined): Condition {
  switch (node.kind) {
    case 'all':
      return sql`true`;
    case 'none':
      return sql`false`;
    case 'terms':
      return testTerms(node, form);
    case 'column':
      return testColumn(node.column, node.test, form === 'index');
    case 'email-domain':
      return testEmailDomain(node, form === 'index');
    case 'connections':
      return sql`s.terms && ARRAY(${selectConnectionTerms(node)})`;
    case 'roles':
      return hasRole(node.test, form === 'index' ? statistics : undefined);
    case 'values':
      return composeValues(node, form);
    case 'identity':
      return composeIdentity(node, form);
    case 'same-identity':
      return sql`(${compose(node.child, form, statistics)} AND (s.identities_count = 1 OR ${hasIdentity(node.tests)}))`;
    case 'different-identities':
      return sql`(s.identities_count > 1 AND ${compose(node.child, form, statistics)} AND NOT ${hasIdentity(node.tests)})`;
    case 'and':
      return composeConjunction(node.children, form, statistics);
    case 'or':
      return joinConditions(
        'or',
        node.children.map((child) => compose(child, form, statistics)),
      );
    case 'not':
      return sql`(${compose(node.child, form === 'index' ? 'filter' : form, statistics)}) IS NOT TRUE`;
  }
}

/** Inside an OR, a conjunction is found by what drives it as well. */
function composeConjunction(
  children: readonly IndexNode[],
  form: Form,
  statistics: SearchStatistics | undefined,
): Condition {
  if (form !== 'index' || !statistics)
    return joinConditions(
      'and',
      children.map((child) => compose(child, form, statistics)),
    );
  const { drivers, filters } = chooseDrive(children, statistics);
  const [only, ...others] = drivers;
  return joinConditions('and', [
    ...(only && others.length === 0 ? [composeOnly(only, statistics)] : []),
    ...(others.length === 0 ? [] : drivers).map((child) => compose(child, 'index', statistics)),
    ...filters.map((child) => compose(child, 'filter', statistics)),
  ]);
}

/** Users of a connection are read from its B-tree in half of the time, unless lists are to be held against each other. */
function composeOnly(driver: IndexNode, statistics: SearchStatistics): Condition {
  if (driver.kind !== 'terms' || driver.connections?.field !== 'name')
    return compose(driver, 'index', statistics);
  const { own, further } = splitConnections(driver);
  return sql`(${own} OR (${further}))`;
}

function composeValues(node: Leaf<'values'>, form: Form): Condition {
  const parts = node.stretches.map(
    (stretch) => sql`(${testStretch(stretch)}${testText(node, form !== 'row')})`,
  );
  switch (form) {
    case 'row':
      // OFFSET 0 keeps the planner from turning this into a join over everything in the stretches.
      return sql`EXISTS (SELECT 1 FROM user_search_values AS v WHERE v.id = s.id AND ${joinConditions('or', parts)} OFFSET 0)`;
    case 'filter':
      // Under IS TRUE a set of ids stays a hashed set; bare, it may become a million lookups.
      return joinConditions(
        'or',
        parts.map((part) => sql`(s.id IN (SELECT v.id FROM user_search_values AS v WHERE ${part})) IS TRUE`),
      );
    case 'index':
      return sql`s.id = ANY(ARRAY(${sql.join(
        parts.map((part) => sql`SELECT v.id FROM user_search_values AS v WHERE ${part}`),
        sql` UNION ALL `,
      )}))`;
  }
}

function composeIdentity({ tests }: Leaf<'identity'>, form: Form): Condition {
  if (form === 'row') return hasIdentity(tests);
  const ids = sql`SELECT i.user_id FROM identities AS i WHERE ${testIdentity(tests, true)}`;
  return form === 'filter' ? sql`(s.user_id IN (${ids})) IS TRUE` : sql`s.user_id = ANY(ARRAY(${ids}))`;
}

/** `hashTerm` in SQL. */
function selectConnectionTerms({ field, like }: Leaf<'connections'>): RawBuilder<unknown> {
  const name = sql.ref(`connections.${field}`);
  const prefix = field === 'name' ? 'identities.connection=' : 'identities.provider=';
  return sql`SELECT ('x' || encode(substring(sha256(convert_to(${prefix} || ${name}, 'UTF8')) FROM 1 FOR 8), 'hex'))::bit(64)::bigint
    FROM connections WHERE ${name} LIKE ${like}`;
}

/** Conditions on user_search AS s that share its entries out: by the primary identity's connection, by a linked one's. */
export function splitConnections(node: Leaf<'terms'>): { own: Condition; further: Condition } {
  return {
    own: isPrimaryConnection(node, 's', true),
    further: isConnectedFurther(node, 's'),
  };
}

function isPrimaryConnection({ connections }: Leaf<'terms'>, alias: string, usesIndex: boolean): Condition {
  const connection = sql.ref(`${alias}.connection`);
  const { field, values } = connections ?? { field: 'name', values: [] };
  if (field === 'name') return isAnyOf(connection, sql`text`, values, usesIndex);
  const names = sql`SELECT name FROM connections WHERE ${isAnyOf(sql`strategy`, sql`text`, values, false)}`;
  return usesIndex ? sql`${connection} = ANY(ARRAY(${names}))` : sql`(${connection} IN (${names})) IS TRUE`;
}

/** Whether an entry is of a user whom a linked identity alone puts into the connections. */
export function isConnectedFurther(node: Leaf<'terms'>, alias: string): Condition {
  const isOwn = isPrimaryConnection(node, alias, false);
  return sql`${sql.ref(`${alias}.identities_count`)} > 1 AND ${hasAnyTerm(node.anyOf, alias)} AND NOT (${isOwn})`;
}

/** Ids of the entries that a condition is known to hold for by indexes alone, each once; undefined where none is. */
export function selectKnownIds(node: IndexNode): RawBuilder<unknown> | undefined {
  if (isOfValues(node)) return selectIdsOfValues(node);
  if (node.kind !== 'terms' || !node.connections) return undefined;
  const { own, further } = splitConnections(node);
  return sql`SELECT s.id FROM user_search AS s WHERE ${own} UNION ALL SELECT s.id FROM user_search AS s WHERE ${further}`;
}

/**
 * Ids of the entries that satisfy a condition on metadata, each once, by the B-tree of values alone. The first set is hashed
 * only where somebody has several values.
 */
export function selectIdsOfValues(node: IndexNode): RawBuilder<unknown> {
  const { own, further } = splitValues(node);
  const first = sql`SELECT v.id FROM user_search_values AS v WHERE ${own}`;
  return sql`${first} UNION ALL SELECT DISTINCT v.id FROM user_search_values AS v
    WHERE ${further} AND (v.id IN (${first})) IS NOT TRUE`;
}

/** Conditions on values AS v for those that users are sorted by and for further ones. */
export function splitValues(node: IndexNode): { own: Condition; further: Condition } {
  if (node.kind === 'terms' && node.keys)
    return {
      own: isAnyOf(sql`v.key`, sql`text`, node.keys.own, true),
      further: isAnyOf(sql`v.key`, sql`text`, node.keys.further, true),
    };
  if (node.kind !== 'values') throw new Error(`${node.kind} has no values`);
  const [own = sql`false`, further = sql`false`] = node.stretches.map(
    (stretch) => sql`(${testStretch(stretch)}${testText(node, true)})`,
  );
  return { own, further };
}

function joinConditions(kind: 'and' | 'or', conditions: readonly Condition[]): Condition {
  return sql`(${sql.join(conditions, kind === 'and' ? sql` AND ` : sql` OR `)})`;
}

/** Values up to which the planner is shown each: it weighs every one that it sees. */
export const mostWeighed = 100;

/** Of thousands of values the planner need see none to look them up in the index, or to hash them. */
export function isAnyOf(
  operand: Condition,
  type: Condition,
  values: readonly string[],
  usesIndex: boolean,
): Condition {
  const list = sql`${[...values]}::${type}[]`;
  if (values.length <= mostWeighed) return sql`${operand} = ANY(${list})`;
  return usesIndex
    ? sql`${operand} = ANY(ARRAY(SELECT unnest(${list})))`
    : sql`(${operand} IN (SELECT unnest(${list}))) IS TRUE`;
}

/** Terms asked for in one index scan: beyond some dozens the cost of an OR grows with its square. */
const termsPerScan = 20;

/** Terms up to which the list is put before the planner, which weighs each, so that rows can be held against it. */
const mostPerRow = 1_000;

function testTerms(node: Leaf<'terms'>, form: Form): Condition {
  const { anyOf, keys } = node;
  if (anyOf.length === 1) return sql`s.terms @> ${toBigintArray(anyOf)}::bigint[]`;
  // The row's own terms are looked up in the list, which PostgreSQL hashes.
  if (form === 'row' && anyOf.length > termsPerScan && anyOf.length <= mostPerRow)
    return sql`EXISTS (SELECT 1 FROM unnest(s.terms) AS term WHERE term = ANY(${toBigintArray(anyOf)}::bigint[]) OFFSET 0)`;
  if (anyOf.length > mostWeighed) {
    const ids = keys
      ? selectIdsOfValues(node)
      : sql`SELECT entry.id FROM unnest(${toBigintArray(anyOf)}::bigint[]) AS wanted (term)
          CROSS JOIN LATERAL (SELECT entry.id FROM user_search AS entry WHERE entry.terms @> ARRAY[wanted.term] OFFSET 0) AS entry`;
    return form === 'index' ? sql`s.id = ANY(ARRAY(${ids}))` : sql`(s.id IN (${ids})) IS TRUE`;
  }
  return hasAnyTerm(anyOf, 's');
}

function hasAnyTerm(terms: readonly string[], alias: string): Condition {
  const scans: Condition[] = [];
  for (let start = 0; start < terms.length; start += termsPerScan)
    scans.push(
      sql`${sql.ref(`${alias}.terms`)} && ${toBigintArray(terms.slice(start, start + termsPerScan))}::bigint[]`,
    );
  return joinConditions('or', scans);
}

function testColumn(column: TextColumn | OrderedColumn, test: ColumnTest, usesIndex: boolean): Condition {
  const name = sql.ref(`s.${column}`);
  const type = columnType(column);
  switch (test.kind) {
    case 'present':
      return sql`${name} IS NOT NULL`;
    case 'any-of': {
      const [only, ...rest] = test.values;
      return rest.length === 0 ? sql`${name} = ${only}` : isAnyOf(name, type, test.values, usesIndex);
    }
    case 'range': {
      const ends: Condition[] = [];
      if (test.lower)
        ends.push(sql`${name} ${sql.raw(test.lower.isInclusive ? '>=' : '>')} ${test.lower.value}::${type}`);
      if (test.upper)
        ends.push(sql`${name} ${sql.raw(test.upper.isInclusive ? '<=' : '<')} ${test.upper.value}::${type}`);
      return joinConditions('and', ends);
    }
    case 'like': {
      const ends: Condition[] = [sql`${name} LIKE ${test.pattern}`];
      if (usesIndex && test.prefix === '' && !profileTextColumns.has(column))
        return findByIndexAlone(column, test.pattern);
      if (usesIndex && profileTextColumns.has(column))
        for (const run of test.runs) ends.push(sql`(${profileText}) LIKE ${containing(run)}`);
      if (test.prefix !== '') {
        const before = afterPrefix(test.prefix);
        ends.push(sql`${name} >= ${test.prefix}`);
        if (before !== undefined) ends.push(sql`${name} < ${before}`);
      }
      return joinConditions('and', ends);
    }
  }
}

/** Without trigrams the column's own index is read from end to end, which is a tenth of the table. */
function findByIndexAlone(column: TextColumn | OrderedColumn, pattern: string): Condition {
  const name = sql.ref(`entry.${column}`);
  return sql`s.id = ANY(ARRAY(
    SELECT entry.id FROM user_search AS entry WHERE ${name} IS NOT NULL AND ${name} LIKE ${pattern}))`;
}

function testEmailDomain({ like, runs }: Leaf<'email-domain'>, usesIndex: boolean): Condition {
  const narrowing = usesIndex ? runs.map((run) => sql`(${profileText}) LIKE ${containing(run)} AND `) : [];
  return sql`(${sql.join(narrowing, sql``)}substring(s.email FROM '[^@]*$') LIKE ${like})`;
}

export function testStretch({ from, before }: KeyStretch): Condition {
  return sql`v.key >= ${from} AND v.key < ${before}`;
}

export function testText({ text }: Leaf<'values'>, usesIndex: boolean): Condition {
  if (!text) return sql``;
  if (!usesIndex || text.runs.length === 0) return sql` AND ${valueText} LIKE ${text.like}`;
  const narrowing = text.runs.map((run) => sql` AND ${valueText} LIKE ${containing(run)}`);
  return sql` AND substr(v.key, 6, 1) = '2'${sql.join(narrowing, sql``)} AND ${valueText} LIKE ${text.like}`;
}

function containing(run: string): string {
  return `%${run.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

function hasIdentity(tests: readonly IdentityTest[]): Condition {
  return sql`EXISTS (SELECT 1 FROM identities AS i WHERE i.user_id = s.user_id AND ${testIdentity(tests, false)} OFFSET 0)`;
}

function testIdentity(tests: readonly IdentityTest[], usesIndex: boolean): Condition {
  return joinConditions(
    'and',
    tests.map((test) => testOneIdentity(test, usesIndex)),
  );
}

function testOneIdentity(test: IdentityTest, usesIndex: boolean): Condition {
  switch (test.kind) {
    case 'or':
      return joinConditions(
        'or',
        test.tests.map((one) => testOneIdentity(one, false)),
      );
    case 'profile':
      return holdsInProfile(test);
    case 'any-of':
      return test.column === 'provider_user_id'
        ? sql`(${isAnyOf(sql`i.provider_user_id`, sql`text`, test.values, usesIndex)} AND i.connection_id IN (SELECT id FROM connections))`
        : isAnyOf(sql`${sql.ref(`i.${test.column}`)}::text`, sql`text`, test.values, false);
    case 'like':
      return testIdentityPattern(test);
  }
}

/** By way of the few connections, whose ids lead the index of identities. */
function testIdentityPattern(test: Extract<IdentityTest, { kind: 'like' }>): Condition {
  switch (test.column) {
    case 'connection':
      return sql`i.connection_id IN (SELECT id FROM connections WHERE name LIKE ${test.pattern})`;
    case 'provider':
      return sql`i.connection_id IN (SELECT id FROM connections WHERE strategy LIKE ${test.pattern})`;
    default: {
      const before = afterPrefix(test.prefix);
      return sql`(i.provider_user_id LIKE ${test.pattern} AND i.provider_user_id >= ${test.prefix}
        ${before === undefined ? sql`` : sql`AND i.provider_user_id < ${before}`}
        AND i.connection_id IN (SELECT id FROM connections))`;
    }
  }
}
