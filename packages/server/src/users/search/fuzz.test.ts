import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { addDemoUsers } from '../../demo/index.ts';
import { userSearchSchema } from './schema.ts';
import { sortFieldNames } from './sort-order.ts';

/** More by hand: FUZZ_RUNS=1000000. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 3_000);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ MUSTER_SEARCH_TIMEOUT: '5000' });
  await addDemoUsers(server.database, { count: 500, seed: 9 });
});
afterAll(() => server.close());

const fields = [
  ...Object.keys(userSearchSchema.fields),
  ...Object.keys(userSearchSchema.refusedFields),
  '_exists_',
  '_missing_',
  'user_metadata.address.city',
  'user_metadata.age',
  'app_metadata.roles',
  'app_metadata.a b',
  'identities.profileData.email',
  'identities.profileData.a.b',
];
const operators = [
  'AND',
  'OR',
  'NOT',
  '&&',
  '||',
  '!',
  '+',
  '-',
  ':',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '"',
  '*',
  '\\',
  ' TO ',
  ' ',
  '?',
  '~',
  '^',
  '/',
  '>',
  '<',
];
const values = [
  'true',
  '5',
  '-1e3',
  '2026-01',
  '2026-01-01T00:00:00Z',
  'jane*',
  '*smith*',
  "o'neil",
  '%_',
  '$1',
  'ß',
  '漢字',
  '😀',
  '\u0001',
  '\\"',
  'x'.repeat(500),
];

const token = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...fields).map((field) => `${field}:`) },
  { weight: 4, arbitrary: fc.constantFrom(...operators) },
  { weight: 3, arbitrary: fc.constantFrom(...values) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
);
const condition = fc
  .tuple(
    fc.constantFrom('', '', 'NOT ', '-', '+'),
    fc.constantFrom(...fields),
    fc.oneof(
      fc.constantFrom(...values),
      fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text)),
      fc
        .tuple(
          fc.constantFrom('[', '{'),
          fc.constantFrom(...values, '*'),
          fc.constantFrom(...values, '*'),
          fc.constantFrom(']', '}'),
        )
        .map(([open, lower, upper, close]) => `${open}${lower} TO ${upper}${close}`),
    ),
  )
  .map(([sign, field, value]) => `${sign}${field}:${value}`);
const q = fc.oneof(
  fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join('')),
  fc
    .array(fc.tuple(condition, fc.constantFrom(' ', ' AND ', ' OR ')), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.flat().slice(0, -1).join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const sort = fc.oneof(
  fc.constantFrom(...sortFieldNames, 'user_metadata.age', 'app_metadata.roles'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
);

it(`answers ${runs.toLocaleString('en')} odd queries with a list or a refusal that says where, never with a failure`, async () => {
  let lists = 0;
  let slowest = 0;
  const credential = await server.getToken();
  await fc.assert(
    fc.asyncProperty(q, sort, fc.boolean(), fc.boolean(), async (text, field, isSorted, wantsTotal) => {
      const startedAt = performance.now();
      const answer = await server.request('POST', '/users/search', {
        token: credential,
        body: {
          q: text,
          per_page: 3,
          include_totals: wantsTotal,
          ...(isSorted ? { sort: `${field}:${wantsTotal ? 1 : -1}` } : {}),
        },
      });
      slowest = Math.max(slowest, performance.now() - startedAt);
      if (answer.status === 200) {
        lists++;
        return;
      }
      expect(answer.status, `${text} ${answer.text}`).toBe(400);
      expect(['invalid_query_string', 'invalid_body']).toContain(answer.body.errorCode);
    }),
    { numRuns: runs, seed: Number(process.env['FUZZ_SEED'] ?? 20_261_123) },
  );
  expect(lists).toBeGreaterThan(runs / 50);
  expect(slowest).toBeLessThan(5_000);
}, 36_000_000);
