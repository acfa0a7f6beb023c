import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';
import { appendLogEvent } from './index.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.getToken();
  await server.getToken(['read:logs_users']);
});
afterAll(() => server?.close());

interface Page {
  readonly logs: { readonly log_id: string; readonly description?: string; readonly user_id?: string }[];
  readonly next: string;
}

async function follow(path: string, scopes?: string[]): Promise<Page> {
  const { status, body, headers } = await server.request('GET', path, scopes ? { scopes } : {});
  expect(status).toBe(200);
  const [, next = ''] =
    /^<http:\/\/muster\.test\/api\/v2([^>]+)>; rel="next"$/.exec(String(headers.link)) ?? [];
  return { logs: body, next };
}

/** Follows `next` until nothing comes any more. */
async function drain(path: string): Promise<Page> {
  const logs: Page['logs'] = [];
  for (let page = await follow(path); ; page = await follow(page.next)) {
    logs.push(...page.logs);
    if (page.logs.length === 0) return { logs, next: page.next };
  }
}

async function append(description: string, userId?: string): Promise<void> {
  await appendLogEvent(server.database, { type: 'sapi', description, ...(userId ? { userId } : {}) });
}

/** Events of this very millisecond are held back; asked again they come. */
async function drainUntil(path: string, count: number): Promise<Page> {
  let page = await drain(path);
  await expect
    .poll(
      async () => {
        page = await drain(path);
        return page.logs.length;
      },
      { interval: 2 },
    )
    .toBeGreaterThanOrEqual(count);
  return page;
}

describe('reading the log from a checkpoint', () => {
  test('gives every event once, oldest first, and ends with a next equal to the request', async () => {
    const start = await drain('/logs?take=100');
    for (const name of ['a', 'b', 'c', 'd', 'e']) await append(name);
    const read = await drainUntil(start.next.replace('take=100', 'take=2'), 5);
    expect(read.logs.map((log) => log.description)).toEqual(['a', 'b', 'c', 'd', 'e']);
    const end = await follow(read.next);
    expect(end).toEqual({ logs: [], next: read.next });
  });

  test('starts at the oldest event without from, or with an empty one', async () => {
    const { logs, next } = await follow('/logs?take=1');
    expect(next).toBe(`/logs?from=${logs[0]?.log_id}&take=1`);
    expect((await follow('/logs?take=1&from=')).logs).toEqual(logs);
  });

  test('takes fifty without take and ignores the parameters of pages', async () => {
    const [oldest] = (await follow('/logs?take=1')).logs;
    const { next } = await follow(
      `/logs?from=${oldest?.log_id}&page=3&per_page=1&sort=date:-1&include_totals=true&fields=type`,
    );
    expect(next).toMatch(/^\/logs\?from=\d{56}&take=50$/);
  });

  test('accepts a checkpoint whose event is gone', async () => {
    expect(
      (await follow('/logs?from=90020200101000000000000000000000000000000000000000000000&take=1')).logs,
    ).toHaveLength(1);
    expect(
      (await follow('/logs?from=99999999999999999999999999999999999999999999999999999999&take=1')).logs,
    ).toEqual([]);
  });

  test('shows to holders of read:logs_users only what belongs to a user', async () => {
    const start = await drain('/logs?take=100');
    await append('nobody');
    await append('somebody', 'auth0|1');
    await drainUntil(start.next, 2);
    const { logs } = await follow(start.next, ['read:logs_users']);
    expect(logs.map((log) => log.user_id)).toEqual(['auth0|1']);
  });

  test('waits for an open transaction, so an event that is committed late is not skipped', async () => {
    const start = await drain('/logs?take=100');
    const slow = await server.database.startTransaction().execute();
    await appendLogEvent(slow, { type: 'sapi', description: 'written first, committed last' });
    await append('written last, committed first');
    expect((await follow(start.next)).logs).toEqual([]);
    await slow.commit().execute();
    const { logs } = await drainUntil(start.next, 2);
    expect(logs.map((log) => log.description)).toEqual([
      'written first, committed last',
      'written last, committed first',
    ]);
  });

  test('does not wait for transactions that only read', async () => {
    const start = await drain('/logs?take=100');
    const reader = await server.database.startTransaction().execute();
    await sql`SELECT count(*) FROM logs`.execute(reader);
    await append('beside a reader');
    expect((await drainUntil(start.next, 1)).logs).toHaveLength(1);
    await reader.rollback().execute();
  });

  test('finds every event exactly once while many transactions of all lengths write', async () => {
    const start = await drain('/logs?take=100');
    const write = async (name: string) => {
      for (let round = 0; round < 15; round++) {
        await server.database.transaction().execute(async (transaction) => {
          await appendLogEvent(transaction, { type: 'sapi', description: `${name} ${round} first` });
          await sql`SELECT pg_sleep(random() * 0.01)`.execute(transaction);
          await appendLogEvent(transaction, { type: 'sapi', description: `${name} ${round} second` });
        });
      }
    };
    let isWriting = true;
    const writing = Promise.all(['1', '2', '3', '4', '5', '6'].map(write)).finally(() => {
      isWriting = false;
    });
    const ids: string[] = [];
    let { next } = start;
    while (isWriting) {
      const page = await follow(next);
      ids.push(...page.logs.map((log) => log.log_id));
      next = page.next;
    }
    await writing;
    await expect
      .poll(async () => {
        const page = await drain(next);
        ids.push(...page.logs.map((log) => log.log_id));
        next = page.next;
        return ids.length;
      })
      .toBe(180);
    expect(new Set(ids).size).toBe(180);
    expect(ids).toEqual(ids.toSorted());
  });

  test('gives a transaction its id before the clock is read for a log id', async () => {
    const transaction = await server.database.startTransaction().execute();
    await sql`SELECT next_log_id()`.execute(transaction);
    const { rows } = await sql<{
      id: string | null;
    }>`SELECT pg_current_xact_id_if_assigned()::text AS id`.execute(transaction);
    await transaction.rollback().execute();
    expect(rows[0]?.id).toMatch(/^\d+$/);
  });
});
