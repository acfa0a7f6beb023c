import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';

let server: TestServer;
let sequence = 0;

/** @param time `YYYYMMDD` and eight or nine more digits to the millisecond */
async function insertEvent(type: string, time: string): Promise<void> {
  sequence += 1;
  const id = `900${time}${String(sequence).padStart(36, '0')}`;
  await sql`INSERT INTO logs (log_id, type) VALUES (${id}, ${type})`.execute(server.database);
}

beforeAll(async () => {
  server = await startTestServer();
  await insertEvent('s', '20240228000000000');
  await insertEvent('s', '20240228235959999');
  await insertEvent('f', '20240228120000000');
  await insertEvent('ss', '20240229080910123');
  for (const type of ['pwd_leak', 'signup_pwd_leak', 'reset_pwd_leak'])
    await insertEvent(type, '20240301000000000');
});
afterAll(() => server?.close());

const day = (date: string, counts: object = {}, created = '00:00:00.000', updated = created) => ({
  date: `${date}T00:00:00.000Z`,
  logins: 0,
  signups: 0,
  leaked_passwords: 0,
  failed_logins: 0,
  created_at: `${date}T${created}Z`,
  updated_at: `${date}T${updated}Z`,
  ...counts,
});

describe('daily statistics', () => {
  test('count logins, sign-ups and leaked passwords of every day in the range, both ends included', async () => {
    const { status, body } = await server.request('GET', '/stats/daily', {
      query: { from: '20240227', to: '20240301' },
    });
    expect(status).toBe(200);
    expect(body).toEqual([
      day('2024-02-27'),
      day('2024-02-28', { logins: 2, failed_logins: 1 }, '00:00:00.000', '23:59:59.999'),
      day('2024-02-29', { signups: 1 }, '08:09:10.123'),
      day('2024-03-01', { leaked_passwords: 3 }),
    ]);
  });

  test('are of the last thirty days including today when no range is given', async () => {
    const { body } = await server.request('GET', '/stats/daily');
    expect(body).toHaveLength(30);
    expect(Date.now() - Date.parse(body[29].date)).toBeLessThan(2 * 86_400_000);
  });

  test('end today with only a beginning, and last thirty days with only an end', async () => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
    expect(
      (await server.request('GET', '/stats/daily', { query: { from: yesterday } })).body.length,
    ).toBeGreaterThanOrEqual(2);
    const { body } = await server.request('GET', '/stats/daily', { query: { to: '20240301' } });
    expect([body.length, body[0].date]).toEqual([30, '2024-02-01T00:00:00.000Z']);
  });

  test('span a leap year at most', async () => {
    expect(
      (await server.request('GET', '/stats/daily', { query: { from: '20240101', to: '20241231' } })).body,
    ).toHaveLength(366);
    expect(
      (await server.request('GET', '/stats/daily', { query: { from: '20240101', to: '20250101' } })).status,
    ).toBe(400);
  });

  test.each([
    { from: '20240301', to: '20240228' },
    { from: '20240230' },
    { from: '2024-02-01' },
    { to: '99991231' },
    { to: '00000101' },
    { from: '29990101' },
    { days: '3' },
  ])('refuse %j', async (query) => {
    const { status, body } = await server.request('GET', '/stats/daily', { query });
    expect([status, body.errorCode]).toEqual([400, 'invalid_query_string']);
  });

  test('need read:stats', async () => {
    expect((await server.request('GET', '/stats/daily', { scopes: ['read:users'] })).status).toBe(403);
  });
});

test('active users are those who logged in during the last thirty days, as a bare number', async () => {
  await sql`INSERT INTO users (user_id, last_login) VALUES
    ('auth0|stats1', now() - interval '29 days'), ('auth0|stats2', now()), ('auth0|stats3', now() - interval '31 days'), ('auth0|stats4', NULL)`.execute(
    server.database,
  );
  const { status, text } = await server.request('GET', '/stats/active-users', { scopes: ['read:stats'] });
  expect([status, text]).toEqual([200, '2']);
});

describe('hourly statistics', () => {
  test('have an entry for every hour up to now, with what happened in it', async () => {
    const stamp = (ago: number) =>
      new Date(Date.now() - ago * 3_600_000).toISOString().replaceAll(/[-T:.Z]/g, '');
    for (const type of ['s', 's', 'ss', 'fp', 'fu', 'sapi']) await insertEvent(type, stamp(2));
    await insertEvent('f', stamp(0));
    await insertEvent('s', stamp(30));
    const { status, body } = await server.request('GET', '/stats/hourly', { scopes: ['read:stats'] });
    expect(status).toBe(200);
    expect(body).toHaveLength(24);
    const sums = (name: string) => body.map((entry: Record<string, number>) => entry[name]);
    const sum = (name: string) => sums(name).reduce((all: number, one: number) => all + one, 0);
    expect([sum('logins'), sum('signups'), sum('failed_logins')]).toEqual([2, 1, 3]);
    expect(Math.max(...sums('logins'))).toBe(2);
    const times = body.map(({ date }: { date: string }) => Date.parse(date));
    expect(times.every((time: number) => time % 3_600_000 === 0)).toBe(true);
    expect(Date.now() - times[23]).toBeLessThan(2 * 3_600_000);
  });

  test.each([
    { hours: '0' },
    { hours: '169' },
    { hours: 'many' },
    { days: '1' },
  ])('refuse %j', async (query) => {
    expect((await server.request('GET', '/stats/hourly', { query })).status).toBe(400);
  });

  test('need their scope', async () => {
    expect((await server.request('GET', '/stats/hourly', { scopes: ['read:users'] })).status).toBe(403);
  });
});
