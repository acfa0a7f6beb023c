import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startListeningServer } from '../../../test/support/listening-server.ts';
import type { TestServer } from '../../../test/support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startListeningServer({ MUSTER_SEARCH_TIMEOUT: '60000' });
});
afterAll(() => server.close());

/** Looked up by more than the few values that count as a cheap search. */
const expensive = `user_id:(${Array.from({ length: 2_100 }, (_, index) => `a${index}`).join(' ')})`;

async function countRunning(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'active' AND query LIKE '%WITH matched AS%' AND pid <> pg_backend_pid()`.execute(
    server.database,
  );
  return rows[0]?.count ?? 0;
}

async function search(token: string, signal: AbortSignal): Promise<number | undefined> {
  const answer = await fetch(`${server.config.publicUrl}/api/v2/users/search`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ q: expensive }),
    signal,
  }).catch(() => undefined);
  return answer?.status;
}

describe('Expensive searches whose clients leave', () => {
  it('are cancelled, and those that wait give up their turns', async () => {
    const token = await server.getToken();
    const clients = new AbortController();
    const stays = new AbortController();
    const last = await server.database.transaction().execute(async (transaction) => {
      await sql`LOCK TABLE user_search IN ACCESS EXCLUSIVE MODE`.execute(transaction);
      const left = Array.from({ length: 40 }, () => search(token, clients.signal));
      await vi.waitFor(async () => expect(await countRunning()).toBeGreaterThan(0), { timeout: 20_000 });
      clients.abort();
      await Promise.all(left);
      await vi.waitFor(async () => expect(await countRunning()).toBe(0), { timeout: 20_000 });
      const next = search(token, stays.signal);
      await vi.waitFor(async () => expect(await countRunning()).toBe(1), { timeout: 20_000 });
      return { next };
    });
    expect(await last.next).toBe(200);
  }, 90_000);
});
