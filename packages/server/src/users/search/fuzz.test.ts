import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { addDemoUsers } from '../../demo/index.ts';
import { userSearchSchema } from './schema.ts';
import { sortFieldNames } from './sort-order.ts';

/** More by hand, as CONTRIBUTING.md says. */
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
/** One condition over and over, up to as many as a query may have. */
const large = fc
  .tuple(
    fc.constantFrom(
      (index: number) => `user_id:u${index}`,
      (index: number) => `identities.user_id:a${index}`,
      (index: number) => `(connection:c${index} AND identities.user_id:${index})`,
      (index: number) => `user_metadata.a${index}:x`,
      (index: number) => `user_metadata.a:${index}.0`,
      (index: number) => `NOT app_metadata.plan:p${index}`,
      (index: number) => `logins_count:${index}`,
      (index: number) => `created_at:${1970 + (index % 100)}`,
      (index: number) => `name:a${index}*`,
      (index: number) => `word${index}`,
    ),
    fc.constantFrom(' AND ', ' OR ', ' '),
    fc.constantFrom(100, 200, 201, 5_000, 20_000),
  )
  .map(([make, glue, count]) => Array.from({ length: count }, (_, index) => make(index)).join(glue));
const asked = fc.oneof({ weight: 199, arbitrary: q }, { weight: 1, arbitrary: large });
const sort = fc.oneof(
  fc.constantFrom(...sortFieldNames, 'user_metadata.age', 'app_metadata.roles'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
);

it(`answers ${runs.toLocaleString('en')} odd queries with a list or a refusal that says where, never with a failure`, async () => {
  let lists = 0;
  let slowest = 0;
  const credential = await server.getToken();
  await fc.assert(
    fc.asyncProperty(asked, sort, fc.boolean(), fc.boolean(), async (text, field, isSorted, wantsTotal) => {
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
      const about = `${text.slice(0, 1_000)} ${answer.text}`;
      expect(answer.status, about).toBe(400);
      expect(['invalid_query_string', 'invalid_body'], about).toContain(answer.body.errorCode);
      if (!answer.body.message.endsWith('(q)')) return;
      const { position, length } = answer.body;
      expect(position, about).toBeGreaterThanOrEqual(0);
      expect(length, about).toBeGreaterThanOrEqual(0);
      expect(position + length, about).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: runs, seed: Number(process.env['FUZZ_SEED'] ?? 20_261_123) },
  );
  expect(lists).toBeGreaterThan(runs / 50);
  expect(slowest).toBeLessThan(5_000);
}, 36_000_000);
