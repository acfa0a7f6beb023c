import { type RawBuilder, sql } from 'kysely';
import { toBigintArray } from './entries-store.ts';
import type {
  ColumnTest,
  IdentityTest,
  IndexNode,
  KeyStretch,
  OrderedColumn,
  TextColumn,
} from './index-node.ts';
import { afterPrefix } from './search-key.ts';

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
  logins_count: 'double precision',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  last_login: 'timestamptz',
};

/** The type of a column's operands, as a cast. */
export function columnType(column: TextColumn | OrderedColumn): RawBuilder<unknown> {
  return sql.raw(columnTypes[column]);
}

/**
 * The condition as a filter of rows of `user_search AS s` that are visited anyway: nothing in it makes the planner
 * fetch a set first.
 */
export function testRow(node: IndexNode): Condition {
  switch (node.kind) {
    case 'all':
      return sql`true`;
    case 'terms':
      return testTerms(node);
    case 'column':
      return testColumn(node.column, node.test, false);
    case 'email-domain':
      return testEmailDomain(node, false);
    case 'values': {
      const found = node.stretches.map(
        (stretch) =>
          // OFFSET 0 keeps the planner from turning this into a join over everything in the stretch.
          sql`EXISTS (SELECT 1 FROM user_search_values AS v WHERE v.id = s.id AND ${testStretch(stretch)}${testText(node, false)} OFFSET 0)`,
      );
      return sql`(${sql.join(found, sql` OR `)})`;
    }
    case 'identity':
      return hasIdentity(node.tests);
    case 'same-identity':
      return sql`(${testRow(node.child)} AND (s.identities_count = 1 OR ${hasIdentity(node.tests)}))`;
    case 'and':
    case 'or':
      return joinConditions(node.kind, node.children.map(testRow));
    case 'not':
      return sql`(${testRow(node.child)}) IS NOT TRUE`;
  }
}

/** The condition for finding the rows of `user_search AS s` by indexes, whatever their number. */
export function findRows(node: IndexNode): Condition {
  switch (node.kind) {
    case 'column':
      return testColumn(node.column, node.test, true);
    case 'email-domain':
      return testEmailDomain(node, true);
    case 'values':
      return sql`s.id IN (${selectValueIds(node)})`;
    case 'identity':
      return sql`s.user_id IN (SELECT i.user_id FROM identities AS i WHERE ${testIdentity(node.tests)})`;
    case 'same-identity':
      return sql`(${findRows(node.child)} AND (s.identities_count = 1 OR ${hasIdentity(node.tests)}))`;
    case 'and':
      return joinConditions('and', node.children.map(findRows));
    case 'or':
      return node.children.some(needsSet)
        ? sql`s.id IN (${sql.join(node.children.map(selectIds), sql` UNION ALL `)})`
        : joinConditions('or', node.children.map(findRows));
    case 'not':
      return findOthers(node.child);
    default:
      return testRow(node);
  }
}

/** Everything but: an anti-join where that is one, else a filter. */
function findOthers(node: IndexNode): Condition {
  if (node.kind !== 'values') return testRow({ kind: 'not', child: node });
  const others = node.stretches.map(
    (stretch) =>
      sql`NOT EXISTS (SELECT 1 FROM user_search_values AS v WHERE v.id = s.id AND ${testStretch(stretch)}${testText(node, false)})`,
  );
  return sql`(${sql.join(others, sql` AND `)})`;
}

/** Whether the node is answered by a set of ids, which PostgreSQL cannot combine with others by OR. */
function needsSet(node: IndexNode): boolean {
  switch (node.kind) {
    case 'values':
    case 'identity':
      return true;
    case 'and':
    case 'or':
      return node.children.some(needsSet);
    case 'same-identity':
      return needsSet(node.child);
    default:
      return false;
  }
}

function selectIds(node: IndexNode): RawBuilder<unknown> {
  return node.kind === 'values'
    ? selectValueIds(node)
    : sql`SELECT s.id FROM user_search AS s WHERE ${findRows(node)}`;
}

/** Ids of the entries with such a value; an entry may come up more than once. */
function selectValueIds(node: Leaf<'values'>): RawBuilder<unknown> {
  const parts = node.stretches.map(
    (stretch) =>
      sql`SELECT v.id FROM user_search_values AS v WHERE ${testStretch(stretch)}${testText(node, true)}`,
  );
  return sql.join(parts, sql` UNION ALL `);
}

/**
 * How many entries have such a value: those with it at the path's own code, one each, and of those with several
 * values the ones that have it among the further ones only.
 */
export function countValues(node: Leaf<'values'>): RawBuilder<unknown> {
  const [own, ...further] = node.stretches.map(
    (stretch) => sql`${testStretch(stretch)}${testText(node, true)}`,
  );
  const ownRow = node.stretches[0];
  if (!own || !ownRow) return sql`0`;
  const counts = further.map(
    (
      condition,
    ) => sql`(SELECT count(DISTINCT v.id) FROM user_search_values AS v WHERE ${condition} AND NOT EXISTS (
      SELECT 1 FROM user_search_values AS own WHERE own.id = v.id AND own.key >= ${ownRow.from} AND own.key < ${ownRow.before}
        ${node.text ? sql`AND substr(own.key, 9) LIKE ${node.text.like}` : sql``} OFFSET 0))`,
  );
  return sql.join([sql`(SELECT count(*) FROM user_search_values AS v WHERE ${own})`, ...counts], sql` + `);
}

function joinConditions(kind: 'and' | 'or', conditions: readonly Condition[]): Condition {
  return sql`(${sql.join(conditions, kind === 'and' ? sql` AND ` : sql` OR `)})`;
}

function testTerms({ anyOf }: Leaf<'terms'>): Condition {
  const terms = toBigintArray(anyOf);
  return anyOf.length === 1 ? sql`s.terms @> ${terms}::bigint[]` : sql`s.terms && ${terms}::bigint[]`;
}

function testColumn(column: TextColumn | OrderedColumn, test: ColumnTest, usesIndex: boolean): Condition {
  const name = sql.ref(`s.${column}`);
  const type = columnType(column);
  switch (test.kind) {
    case 'present':
      return sql`${name} IS NOT NULL`;
    case 'any-of': {
      const [only, ...rest] = test.values;
      return rest.length === 0 ? sql`${name} = ${only}` : sql`${name} = ANY(${[...test.values]}::text[])`;
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

function testEmailDomain({ like, runs }: Leaf<'email-domain'>, usesIndex: boolean): Condition {
  const narrowing = usesIndex ? runs.map((run) => sql`(${profileText}) LIKE ${containing(run)} AND `) : [];
  return sql`(${sql.join(narrowing, sql``)}substring(s.email FROM '[^@]*$') LIKE ${like})`;
}

function testStretch({ from, before }: KeyStretch): Condition {
  return sql`v.key >= ${from} AND v.key < ${before}`;
}

function testText({ text }: Leaf<'values'>, usesIndex: boolean): Condition {
  if (!text) return sql``;
  const narrowing = usesIndex
    ? text.runs.map((run) => sql` AND substr(v.key, 9) LIKE ${containing(run)}`)
    : [];
  return sql`${sql.join(narrowing, sql``)} AND substr(v.key, 9) LIKE ${text.like}`;
}

function containing(run: string): string {
  return `%${run.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

function hasIdentity(tests: readonly IdentityTest[]): Condition {
  return sql`EXISTS (SELECT 1 FROM identities AS i WHERE i.user_id = s.user_id AND ${testIdentity(tests)} OFFSET 0)`;
}

function testIdentity(tests: readonly IdentityTest[]): Condition {
  return joinConditions('and', tests.map(testOneIdentity));
}

function testOneIdentity(test: IdentityTest): Condition {
  switch (test.kind) {
    case 'or':
      return joinConditions('or', test.tests.map(testOneIdentity));
    case 'profile':
      return sql`i.profile @? ${test.jsonPath}::jsonpath`;
    case 'any-of':
      return sql`${sql.ref(`i.${test.column}`)}::text = ANY(${[...test.values]}::text[])`;
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
