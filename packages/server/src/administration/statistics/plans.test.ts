import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { ensureLogPartitions } from '../../logs/index.ts';

/* How the hourly statistics read a log of a size that matters: 400,000 events of 60 days, one in five of them counted. */

const eventCount = 400_000;

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  'Heap Fetches'?: number;
  Plans?: PlanNode[];
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await sql`
    INSERT INTO logs (log_id, type)
    SELECT '900' || to_char((now() - event * interval '60 days' / ${eventCount}::int) AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSMS')
        || lpad(event::text, 36, '0'),
      CASE event % 20 WHEN 0 THEN 'ss' WHEN 1 THEN 'fp' WHEN 2 THEN 's' WHEN 3 THEN 'fu' ELSE 'seacft' END
    FROM generate_series(1, ${eventCount}::int) AS event`.execute(server.database);
  await server.database.transaction().execute(ensureLogPartitions);
  // As autovacuum leaves it: outside of a transaction, which the pool's statements are not.
  await sql`VACUUM ANALYZE logs`.execute(server.database);
}, 120_000);
afterAll(() => server?.close());

/** The statement that a request asks, by the text that tells it. */
async function record(call: () => Promise<unknown>, pattern: RegExp): Promise<pg.QueryConfig> {
  const asked: pg.QueryConfig[] = [];
  const ask = pg.Client.prototype.query;
  pg.Client.prototype.query = function (this: pg.Client, ...parameters: unknown[]) {
    const [query] = parameters;
    if (typeof query === 'object' && query !== null && 'text' in query && 'values' in query)
      asked.push({
        text: String(query.text),
        values: Array.isArray(query.values) ? query.values : [],
      });
    return Reflect.apply(ask, this, parameters);
  } as typeof ask;
  try {
    await call();
  } finally {
    pg.Client.prototype.query = ask;
  }
  const found = asked.find(({ text }) => pattern.test(text));
  if (!found) throw new Error('the statement was not asked');
  return found;
}

const listNodes = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(listNodes)];

it.each([24, 168])('the last %d hours are counted in indexes, and nothing older is read', async (hours) => {
  const { text, values } = await record(async () => {
    const { status, body } = await server.request('GET', '/stats/hourly', { query: { hours } });
    expect(status).toBe(200);
    const logins = body.reduce((sum: number, entry: { logins: number }) => sum + entry.logins, 0);
    // The first hour is whole, the last one is not.
    expect(logins).toBeGreaterThan(((hours - 1) * eventCount) / 20 / 60 / 24 - 10);
  }, /substr\(log_id, 4, 10\)/);
  const client = new pg.Client(server.testDatabase.connection);
  await client.connect();
  const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
  await client.end();
  const ran = listNodes(rows[0]['QUERY PLAN'][0].Plan).filter((node) => node['Actual Loops'] !== 0);
  const scans = ran.filter((node) => node['Relation Name']?.startsWith('logs'));
  const read = scans.reduce((sum, node) => sum + (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 1), 0);
  // What is counted and nothing else: a fifth of the events of these hours.
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThanOrEqual((hours / 24 / 60) * (eventCount / 5) + 10);
  // The default partition and the months to come are empty, and no index is quicker than that.
  const filled = scans.filter(
    (node) => (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0) > 0,
  );
  expect(filled.length).toBeGreaterThan(0);
  for (const node of filled) {
    expect(node).toMatchObject({ 'Node Type': 'Index Only Scan', 'Heap Fetches': 0 });
    expect(node['Index Cond']).toContain('log_id >=');
  }
});
