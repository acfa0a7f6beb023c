import { parseQuery, resolveQuery } from '@muster/query';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { addDemoUsers } from '../../demo/index.ts';
import { bulkWriteSettings, type Database, openDatabase } from '../../platform/database/database.ts';
import { rewriteEntries } from '../writes-store.ts';
import { compileQuery } from './compile.ts';
import type { IndexNode } from './index-node.ts';
import { composePage, findPage } from './pages-store.ts';
import { type PagePlan, planPage } from './plan.ts';
import { indexRoles } from './roles-store.ts';
import { userSearchSchema } from './schema.ts';
import { defaultSort, readSortOrder, type SortOrder, sortFieldNames } from './sort-order.ts';
import { vacuumSearchIndex } from './state-store.ts';
import { estimateShare, type SearchStatistics } from './statistics.ts';
import { loadStatistics } from './statistics-store.ts';
import { hasSteadyPlan } from './steady-plan.ts';

const userCount = 100_000;
let server: TestServer;
let statistics: SearchStatistics;

beforeAll(async () => {
  server = await startTestServer({ MUSTER_SEARCH_TIMEOUT: '30000' });
  const bulk = openDatabase({
    connection: server.testDatabase.connection,
    poolSize: 1,
    statementTimeout: 120_000,
    settings: bulkWriteSettings,
  });
  await addDemoUsers(bulk.database, { count: userCount, seed: 1 });
  await assignDemoRoles(bulk.database);
  await bulk.close();
  statistics = await loadStatistics(server.testDatabase.searchDatabase);
}, 600_000);
afterAll(() => server.close());

/** Most are customers, some edit, few administer. */
async function assignDemoRoles(database: Database): Promise<void> {
  await sql`INSERT INTO roles (id, name, folded_name) VALUES
    ('rol_customer', 'Customer', 'customer'), ('rol_editor', 'Editor', 'editor'), ('rol_admin', 'Admin', 'admin')`.execute(
    database,
  );
  await sql`INSERT INTO roles (id, name, folded_name)
    SELECT 'rol_team' || number, 'Team ' || number, 'team ' || number FROM generate_series(1, 90) AS number`.execute(
    database,
  );
  await sql`INSERT INTO user_roles (user_id, role_id)
    SELECT user_id, 'rol_team' || 1 + id % 90 FROM user_search WHERE id % 3 = 0`.execute(database);
  await sql`INSERT INTO user_roles (user_id, role_id)
    SELECT user_id, role_id FROM user_search, (VALUES ('rol_customer', 1), ('rol_editor', 40), ('rol_admin', 2_000)) AS given (role_id, one_of)
    WHERE id % one_of = 0 AND (id % 10 > 0 OR one_of > 1)`.execute(database);
  const { rows } = await sql<{ user_id: string }>`SELECT DISTINCT user_id FROM user_roles`.execute(database);
  await indexRoles(
    database,
    rows.map((row) => row.user_id),
  );
  await vacuumSearchIndex(database);
}

const organizations = Array.from({ length: 30 }, (_, index) => `org-${index}`).join(' OR ');

/** One of each form that a search can take. */
const forms: readonly string[] = [
  '*',
  'email:"nobody@example.com"',
  'email:ja*',
  'email:jack.sm*',
  'email:*@corp7.example',
  'email:*schmidt*',
  'email:[a TO b]',
  'email.domain:"example.com"',
  'email.domain:corp4*',
  'name:*mith*',
  'given_name:anna',
  'family_name:[m TO n]',
  'nickname:j*a',
  'username:a*',
  'user_id:auth0*',
  'user_id:("auth0|1" OR "auth0|2" OR "auth0|3")',
  'phone_number:\\+49*',
  'last_ip:"203.0.113.7"',
  'schmidt',
  'schmi*',
  '*chmid*',
  'email_verified:true',
  'NOT email_verified:true',
  'blocked:true',
  'NOT blocked:true',
  'logins_count:[300 TO *]',
  'created_at:2026-01',
  'last_login:[2026-01-01 TO *]',
  'updated_at:[* TO 2025]',
  '_exists_:username',
  'NOT _exists_:username',
  '_exists_:user_metadata.address.zip',
  'app_metadata.plan:"pro"',
  'app_metadata.roles:(admin OR support)',
  'user_metadata.address.zip:12*',
  'user_metadata.address.zip:1*9',
  'user_metadata.address.city:*nchen*',
  'user_metadata.address.city:[Berlin TO London]',
  'user_metadata.age:[30 TO 40]',
  'user_metadata.age:30.0',
  'app_metadata.score:{99.5 TO 100]',
  'app_metadata.plan:pro AND email_verified:true',
  'app_metadata.plan:pro AND NOT email_verified:true',
  'app_metadata.plan:pro AND user_metadata.age:[30 TO 40]',
  'app_metadata.plan:pro OR user_metadata.age:[30 TO 31]',
  'app_metadata.plan:pro AND NOT user_metadata.age:[30 TO 40]',
  '(email:*@corp1.example OR app_metadata.organization:"org-1") AND user_metadata.age:[30 TO 40] AND NOT blocked:true',
  'app_metadata.organization:"org-7" AND last_login:[2026-01-01 TO *]',
  'identities.connection:"google-oauth2"',
  'identities.connection:goog*',
  'identities.user_id:"1"',
  'identities.user_id:10*',
  'identities.connection:"google-oauth2" AND identities.user_id:"1"',
  'identities.provider:samlp AND identities.isSocial:false',
  'identities.profileData.email:"x@example.com"',
  'identities.profileData.age:[30 TO 40]',
  'identities.user_id:*1234*',
  'connection:"google-oauth2"',
  'organization_id:org_1',
  'phone_verified:true',
  'role:customer',
  'role:(editor OR admin)',
  'role:cust*',
  '_exists_:role',
  'NOT role:customer',
  'role:editor AND app_metadata.plan:pro',
  'role:customer AND NOT role:editor AND blocked:true',
  'role:editor OR user_metadata.age:[30 TO 31]',
  'role_id:rol_admin',
  'role:team*',
  `app_metadata.organization:(${organizations})`,
  `NOT app_metadata.organization:(${organizations})`,
  'app_metadata.plan:(pro OR team) AND NOT email_verified:false',
];

const largeTables = ['user_search', 'user_search_values', 'users', 'identities'];

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Filter?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  Plans?: PlanNode[];
}

function listNodes(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(listNodes)];
}

function compile(q: string): IndexNode {
  const tree = parseQuery(q);
  const resolved = tree.isValid ? resolveQuery(tree.value, userSearchSchema) : tree;
  if (!resolved.isValid) throw new Error(resolved.problem.message);
  return compileQuery(resolved.value);
}

function sortBy(name: string, isDescending: boolean): SortOrder {
  const sort = readSortOrder(name, isDescending);
  if (!sort) throw new Error(`cannot sort by ${name}`);
  return sort;
}

/** The nodes that run for the page when it is asked for as the server does. */
async function explain(
  q: string,
  sort: SortOrder,
  page: { offset: number; limit: number; wantsTotal: boolean },
) {
  const node = compile(q);
  const plan = planPage(node, sort, page.offset + page.limit, statistics);
  const statement = composePage({ node, sort, ...page, plan, statistics });
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>`
    EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`.execute(server.testDatabase.searchDatabase);
  const root = rows[0]?.['QUERY PLAN'][0].Plan;
  if (!root) throw new Error('no plan');
  return listNodes(root).filter((found) => found['Actual Loops'] !== 0);
}

/** The same of a plan that was made without the values; undefined where the server would not keep one. */
async function explainSteady(q: string, sort: SortOrder, wantsTotal: boolean) {
  const node = compile(q);
  const page = { offset: 0, limit: 50, wantsTotal };
  const request = { node, sort, ...page, plan: planPage(node, sort, 50, statistics), statistics };
  if (!hasSteadyPlan(request)) return undefined;
  const { database, preparedSearchDatabase } = server.testDatabase;
  const { sql: text, parameters } = composePage(request).compile(database);
  const given = sql.raw(parameters.map((value) => pg.escapeLiteral(toParameterText(value))).join(', '));
  return preparedSearchDatabase.connection().execute(async (session) => {
    await sql`PREPARE steady AS ${sql.raw(text)}`.execute(session);
    const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>`
      EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE steady (${given})`.execute(session);
    await sql`DEALLOCATE steady`.execute(session);
    const root = rows[0]?.['QUERY PLAN'][0].Plan;
    if (!root) throw new Error('no plan');
    return listNodes(root).filter((found) => found['Actual Loops'] !== 0);
  });
}

function toParameterText(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map((item) => JSON.stringify(String(item))).join(',')}}`;
  return value instanceof Date ? value.toISOString() : String(value);
}

/** Of a user each, fetched or passed. */
function countVisited(nodes: readonly PlanNode[]): number {
  const visits = nodes.map((node) => (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 1));
  return Math.max(0, ...visits);
}

function readsWholeTable(node: PlanNode): boolean {
  const isLarge = largeTables.includes(node['Relation Name'] ?? '');
  return isLarge && (node['Node Type'].includes('Seq Scan') || readsWholeIndex(node));
}

/** An index from end to end, each of its rows looked at; the one of users with several identities is short. */
function readsWholeIndex(node: PlanNode): boolean {
  return (
    node['Node Type'].includes('Index') &&
    node['Index Name'] !== 'user_search_linked' &&
    node['Index Cond'] === undefined &&
    node.Filter !== undefined
  );
}

/** Rows that are put in order. */
function countSorted(nodes: readonly PlanNode[]): number {
  const sorts = nodes.filter((node) => node['Node Type'].includes('Sort'));
  return Math.max(0, ...sorts.map((node) => (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 1)));
}

describe(`Over ${userCount.toLocaleString('en')} users`, () => {
  it.each(forms)('%s is answered from indexes, with and without its total', async (q) => {
    for (const wantsTotal of [false, true]) {
      const nodes = await explain(q, defaultSort, { offset: 0, limit: 50, wantsTotal });
      expect(nodes.filter(readsWholeTable)).toEqual([]);
    }
  });

  it('few users are found by a plan that was kept as quickly as by one of their own, whatever the values', async () => {
    const kept: string[] = [];
    for (const q of forms)
      for (const name of [defaultSort, sortBy('email', false), sortBy('last_login', true)])
        for (const wantsTotal of [false, true]) {
          const nodes = await explainSteady(q, name, wantsTotal);
          if (!nodes) continue;
          kept.push(q);
          expect(nodes.filter(readsWholeTable), q).toEqual([]);
          expect(countVisited(nodes), q).toBeLessThan(10_000);
        }
    expect([...new Set(kept)]).toEqual(
      expect.arrayContaining([
        'email:"nobody@example.com"',
        'email:jack.sm*',
        'email:jack.sm*',
        'last_ip:"203.0.113.7"',
        'user_metadata.address.zip:12*',
        'identities.user_id:"1"',
        'schmidt',
      ]),
    );
  });

  it.each([
    'user_id:*abc12*',
    'last_ip:*113.7*',
  ])('%s, a part of what has no trigrams, reads the index of that column and not the table', async (q) => {
    for (const wantsTotal of [false, true]) {
      const nodes = await explain(q, defaultSort, { offset: 0, limit: 50, wantsTotal });
      const whole = nodes.filter(readsWholeTable);
      expect(whole.filter((node) => node['Node Type'] !== 'Index Only Scan')).toEqual([]);
    }
  });

  it.each([
    ...sortFieldNames,
    'user_metadata.age',
    'user_metadata.address.city',
    'app_metadata.nothing',
  ])('a list sorted by %s walks an index and sorts no more than it shows', async (name) => {
    for (const isDescending of [false, true]) {
      const sort = readSortOrder(name, isDescending);
      if (!sort) throw new Error(`cannot sort by ${name}`);
      const nodes = await explain('*', sort, { offset: 0, limit: 50, wantsTotal: false });
      expect(nodes.filter(readsWholeTable)).toEqual([]);
      expect(countSorted(nodes)).toBeLessThanOrEqual(50);
    }
  });

  it.each([
    ['ids', (index: number) => `user_id:"auth0|${index}"`],
    ['values', (index: number) => `user_metadata.address.zip:${10_000 + index}`],
    ['words', (index: number) => `schmidt${index}`],
    ['roles', (index: number) => `role:"team ${index}"`],
  ])('thousands of %s joined by OR are looked up in their index', async (_, make) => {
    const q = Array.from({ length: 5_000 }, (__, index) => make(index)).join(' OR ');
    for (const wantsTotal of [false, true]) {
      const nodes = await explain(q, defaultSort, { offset: 0, limit: 50, wantsTotal });
      expect(nodes.filter(readsWholeTable)).toEqual([]);
    }
  });

  it('users by their address are looked up in its index', async () => {
    const asked: { text: string; values: unknown[] }[] = [];
    const ask = pg.Client.prototype.query;
    pg.Client.prototype.query = function (this: pg.Client, ...parameters: unknown[]) {
      const [query] = parameters;
      if (typeof query === 'object' && query !== null && 'text' in query && 'values' in query)
        asked.push({ text: String(query.text), values: Array.isArray(query.values) ? query.values : [] });
      return Reflect.apply(ask, this, parameters);
    } as typeof ask;
    try {
      await server.request('GET', '/users-by-email', { query: { email: 'nobody@example.com' } });
    } finally {
      pg.Client.prototype.query = ask;
    }
    const read = asked.find(({ text }) => /FROM users/.test(text));
    if (!read) throw new Error('users were not read');
    const client = new pg.Client(server.testDatabase.connection);
    await client.connect();
    const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${read.text}`, read.values);
    await client.end();
    expect(listNodes(rows[0]['QUERY PLAN'][0].Plan).filter(readsWholeTable)).toEqual([]);
  });

  it.each([1, 100])('a search asks one statement, and one for the users, with %d on a page', async (size) => {
    await server.request('GET', '/users', { query: { q: '*', per_page: 1 } }); // token and statistics are there now
    const texts: unknown[] = [];
    const ask = pg.Client.prototype.query;
    pg.Client.prototype.query = function (this: pg.Client, ...parameters: unknown[]) {
      texts.push(parameters[0]);
      return Reflect.apply(ask, this, parameters);
    } as typeof ask;
    try {
      const answer = await server.request('GET', '/users', {
        query: { q: 'app_metadata.plan:pro', sort: 'email:1', per_page: size, include_totals: true },
      });
      expect(answer.body.users).toHaveLength(size);
    } finally {
      pg.Client.prototype.query = ask;
    }
    expect(texts).toHaveLength(2);
  });

  it.each(forms.filter((form) => form !== '*'))('%s has one answer, by whatever plan', async (q) => {
    const node = compile(q);
    const plans: PagePlan[] = [{ kind: 'gather' }, { kind: 'walk', bound: 10_000 }, { kind: 'sweep' }];
    for (const sort of [sortBy('email', true), sortBy('app_metadata.score', false)]) {
      for (const offset of [0, 2_500]) {
        const answers = [];
        for (const plan of plans) {
          const request = { node, sort, offset, limit: 20, wantsTotal: true, plan, statistics };
          answers.push(await findPage(server.testDatabase.searchDatabase, request));
        }
        // The total of what is gathered is a count of it; the others count by the shortest way.
        for (const answer of answers) expect(answer).toEqual(answers[0]);
      }
    }
  });

  it('users of a connection have one order by id and by connection, linked ones in their places', async () => {
    const { rows } = await sql<{ user_id: string }>`
      INSERT INTO identities (user_id, position, connection_id, connection, provider, provider_user_id, is_social)
      SELECT others.user_id, 1, google.id, google.name, google.strategy, 'linked' || others.user_id, true
      FROM connections AS google, (
        SELECT user_id FROM user_search WHERE NOT connection = 'google-oauth2' AND identities_count = 1 ORDER BY id LIMIT 40
      ) AS others WHERE google.name = 'google-oauth2' RETURNING user_id`.execute(server.database);
    expect(rows).toHaveLength(40);
    await rewriteEntries(
      server.database,
      rows.map((row) => row.user_id),
    );
    for (const q of [
      'identities.connection:"google-oauth2"',
      'identities.connection:"google-oauth2" AND NOT blocked:true',
    ]) {
      const node = compile(q);
      for (const sort of ['user_id', 'connection'].flatMap((name) => [
        sortBy(name, false),
        sortBy(name, true),
      ])) {
        const find = (plan: PagePlan, offset: number) =>
          findPage(server.testDatabase.searchDatabase, {
            ...{ node, sort, offset, limit: 20, wantsTotal: true, plan, statistics },
          });
        for (const offset of [0, 5, 1_000]) {
          const gathered = await find({ kind: 'gather' }, offset);
          expect(gathered.rows.length).toBeGreaterThan(0);
          for (const bound of [20, 10_000])
            expect(await find({ kind: 'walk', bound }, offset)).toEqual(gathered);
        }
        const [first, ...rest] = (await find({ kind: 'gather' }, 0)).rows;
        if (!first) throw new Error('nobody was found');
        const request = { node, sort, offset: 0, limit: 19, wantsTotal: false, statistics, after: first };
        const next = { ...request, plan: { kind: 'walk', bound: 10_000 } } as const;
        expect((await findPage(server.testDatabase.searchDatabase, next)).rows).toEqual(rest);
      }
    }
  });

  it('takes values that nobody has for no list of everybody, however many they are', () => {
    const excluded = Array.from({ length: 5_000 }, (_, index) => `NOT app_metadata.plan:p${index}`);
    expect(estimateShare(compile(excluded.join(' AND ')), statistics)).toBeGreaterThan(0.4);
  });

  it('its estimates are near the truth for what decides plans', async () => {
    for (const q of [
      'app_metadata.plan:pro',
      'email_verified:true',
      'user_metadata.age:[30 TO 40]',
      'email:j*',
      'role:customer',
      'role:edit*',
      'role:team*',
      '_exists_:role',
    ]) {
      const { body } = await server.request('GET', '/users', {
        query: { q, per_page: 0, include_totals: true },
      });
      const estimated = estimateShare(compile(q), statistics) * userCount;
      expect(estimated / body.total, q).toBeGreaterThan(0.5);
      expect(estimated / body.total, q).toBeLessThan(2);
    }
  });
});
