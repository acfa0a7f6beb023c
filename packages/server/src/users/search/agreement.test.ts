import { parseQuery, printQuery, type ResolvedNode, resolveQuery } from '@muster/query';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareForSort } from '../../../test/search/compare-for-sort.ts';
import { readUsers } from '../../../test/search/directory.ts';
import { matches, type WireUser } from '../../../test/search/evaluate.ts';
import { collectVocabulary, type Vocabulary } from '../../../test/search/generate-conditions.ts';
import { type AskedSort, queriesOver, sortsOver } from '../../../test/search/generate-queries.ts';
import { generateUsers } from '../../../test/search/generate-users.ts';
import { replaceUsers, userIdOf } from '../../../test/search/insert-users.ts';
import { askForIds, readCheckpoints, readPages } from '../../../test/search/list-users.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { compileQuery } from './compile.ts';
import type { Position } from './page-request.ts';
import { findPage } from './pages-store.ts';
import type { PagePlan } from './plan.ts';
import { userSearchSchema } from './schema.ts';
import { defaultSort, readSortOrder, type SortOrder } from './sort-order.ts';
import { vacuumSearchIndex } from './state-store.ts';
import type { SearchStatistics } from './statistics.ts';
import { loadStatistics } from './statistics-store.ts';
import { createUserSearch, searchPoolSize, type UserSearch } from './user-search.ts';

/** More by hand: AGREEMENT_RUNS=15000 AGREEMENT_SEED=7. */
const runs = Number(process.env['AGREEMENT_RUNS'] ?? 500);
const userCount = Number(process.env['AGREEMENT_USERS'] ?? 1_000);
const seed = Number(process.env['AGREEMENT_SEED'] ?? 20_261_123);

let server: TestServer;
let users: ReadonlyMap<string, WireUser>;
let vocabulary: Vocabulary;
let statistics: SearchStatistics;
let search: UserSearch;
beforeAll(async () => {
  server = await startTestServer({ MUSTER_CHECK_ANSWERS: 'false', MUSTER_SEARCH_TIMEOUT: '10000' });
  const generated = generateUsers(userCount, seed);
  await replaceUsers(server.database, generated);
  await vacuumSearchIndex(server.database);
  const shown = await readUsers(server, generated.map(userIdOf));
  users = new Map(shown.map((user) => [String(user['user_id']), user]));
  vocabulary = collectVocabulary(shown);
  search = createUserSearch(server.testDatabase.searchDatabase, {
    timeout: 30_000,
    poolSize: searchPoolSize,
    preparedDatabase: server.testDatabase.preparedSearchDatabase,
  });
  statistics = await loadStatistics(server.database);
}, 600_000);
afterAll(() => server.close());

function resolve(q: string) {
  const parsed = parseQuery(q);
  return parsed.isValid ? resolveQuery(parsed.value, userSearchSchema) : parsed;
}

function evaluate(node: ResolvedNode): string[] {
  return [...users].filter(([, user]) => matches(node, user)).map(([id]) => id);
}

function toSortOrder(sort: AskedSort | null): SortOrder {
  const order = sort ? readSortOrder(sort.field, sort.direction === -1) : defaultSort;
  if (!order) throw new Error(`${sort?.field} cannot be sorted by`);
  return order;
}

function expectOrder(ids: readonly string[], { field, direction }: AskedSort): void {
  const compare = compareForSort(field, direction);
  for (const [index, id] of ids.entries()) {
    const user = users.get(id);
    const next = users.get(ids[index + 1] ?? '');
    if (!user || !next) continue;
    expect(compare(user, next), `${id} stands before ${next['user_id']}`).toBeLessThanOrEqual(0);
  }
}

/** All matches in their order, in one statement: what pages are cut out of. */
async function findAll(node: ResolvedNode, sort: SortOrder): Promise<readonly string[]> {
  const all = { node: compileQuery(node), sort, offset: 0, limit: userCount + 1, wantsTotal: false };
  const { rows } = await search.find(all);
  return rows.map(({ userId }) => userId);
}

const sorting = () =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: sortsOver(vocabulary) });

describe(`Of ${userCount.toLocaleString('en')} users of every shape, a search`, () => {
  it(`finds who the query means and nobody else, in ${runs.toLocaleString('en')} queries`, async () => {
    let refused = 0;
    let found = 0;
    const paging = fc.record({ size: fc.integer({ min: 70, max: 100 }), isByPage: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(queriesOver(vocabulary), sorting(), paging, async (tree, sort, { size, isByPage }) => {
        const q = printQuery(tree);
        const resolved = resolve(q);
        if (!resolved.isValid) {
          refused++;
          const answer = await server.request('POST', '/users/search', { body: { q } });
          expect(answer.status, `${q} ${answer.text}`).toBe(400);
          expect(answer.body.errorCode).toBe('invalid_query_string');
          return;
        }
        const expected = evaluate(resolved.value);
        const total = expected.length;
        if (total > 0) found++;
        const all = await findAll(resolved.value, toSortOrder(sort));
        expect([...all].sort(), q).toEqual(expected.sort());
        if (!sort) {
          const page = await askForIds(server, q, { per_page: 100, include_totals: true });
          expect(page, q).toMatchObject({ ids: all.slice(0, 100), total });
          return;
        }
        expectOrder(all, sort);
        const order = `${sort.field}:${sort.direction}`;
        const listed = isByPage
          ? await readPages(server, q, { sort: order, size, total })
          : await readCheckpoints(server, q, { sort: order, size });
        expect(listed, `${q} by ${order}`).toEqual(all);
      }),
      { numRuns: runs, seed },
    );
    // The generators must keep asking what can be answered, and mostly what is there.
    expect(refused).toBeLessThan(runs / 5);
    expect(found).toBeGreaterThan(runs / 2);
  }, 36_000_000);

  it(`gives the same page by every plan, in ${Math.ceil(runs / 5).toLocaleString('en')} queries`, async () => {
    const plans: readonly PagePlan[] = [
      { kind: 'gather' },
      { kind: 'sweep' },
      { kind: 'walk', bound: 7 },
      { kind: 'walk', bound: 200 },
      { kind: 'walk', bound: 10 * userCount },
    ];
    const place = fc.record({ start: fc.nat({ max: userCount }), limit: fc.integer({ min: 1, max: 40 }) });
    await fc.assert(
      fc.asyncProperty(queriesOver(vocabulary), sorting(), place, async (tree, asked, { start, limit }) => {
        const resolved = resolve(printQuery(tree));
        fc.pre(resolved.isValid);
        const node = compileQuery(resolved.value);
        const sort = toSortOrder(asked);
        const request = { node, sort, limit, wantsTotal: true, statistics };
        const find = (parameters: { plan: PagePlan; offset: number; limit: number; after?: Position }) =>
          findPage(server.testDatabase.searchDatabase, { ...request, ...parameters });
        const all = await find({ plan: { kind: 'gather' }, offset: 0, limit: userCount + 1 });
        const offset = start % (all.rows.length + 1);
        const after = all.rows[offset - 1];
        const rows = all.rows.slice(offset, offset + limit);
        for (const plan of plans) {
          // Everybody needs no second half: such a walk is never bounded below the page's end.
          if (plan.kind === 'walk' && node.kind === 'all' && plan.bound < offset + limit) continue;
          const page = await find({ plan, offset, limit });
          expect(page, JSON.stringify({ plan, offset, limit })).toEqual({ rows, total: all.total });
          if (!after) continue;
          const next = await find({ plan, offset: 0, limit, after });
          expect(next, JSON.stringify({ plan, after, limit })).toEqual({ rows, total: all.total });
        }
      }),
      { numRuns: Math.ceil(runs / 5), seed },
    );
  }, 36_000_000);
});
