import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  compileJobProcess,
  killJobProcess,
  prepareJobProcess,
  startJobProcess,
} from './support/job-process.ts';
import { spawnServer } from './support/spawned-server.ts';
import { testSecretKey } from './support/test-config.ts';
import { download, sendImport, startTestJobs, waitForJob } from './support/test-jobs.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

/*
 * Kills the process that works on imports, as the kernel or an operator would, at random moments of its life: while it
 * starts, between batches, within their transactions. Whatever it had done, the next one must go on from there.
 */

let server: TestServer;
let connection_id: string;
beforeEach(async () => {
  server = await startTestServer();
  for (const name of roles) await server.request('POST', '/roles', { body: { name } });
  const query = { name: 'Username-Password-Authentication' };
  connection_id = (await server.request('GET', '/connections', { query })).body[0].id;
});
afterEach(() => server.close());

beforeAll(compileJobProcess);

/** Processes that begin at once, one after the other: the next ones start while their forerunners work. */
function createSupply(): { next(): ChildProcess; close(): Promise<void> } {
  const waiting = [prepareJobProcess(server), prepareJobProcess(server)];
  return {
    next: () => {
      waiting.push(prepareJobProcess(server));
      return startJobProcess(server, waiting.shift());
    },
    close: async () => {
      await Promise.all(waiting.map(killJobProcess));
    },
  };
}

interface Progress {
  readonly done: number;
  readonly attempts: number;
  readonly isOpen: boolean;
}

async function progressOf(ids: readonly string[]): Promise<Progress> {
  const { rows } = await sql<Progress>`
    SELECT sum(done)::float8 AS done, sum(attempts)::float8 AS attempts, bool_or(ended_at IS NULL) AS "isOpen"
    FROM jobs WHERE job_id = ANY(${[...ids]})`.execute(server.database);
  const [progress] = rows;
  if (!progress) throw new Error('no jobs');
  return progress;
}

/** Looks for a moment's coming often enough to be there for it, and seldom enough to leave the work its time. */
const watching = { timeout: 60_000, interval: 20 };

const roles = ['even', 'odd', 'known'];

const perTen = { inserted: 7, updated: 1, duplicates: 1, invalid: 1 };

/** Rows of one batch: so many fill its four megabytes. */
const rowsOfBatch = 200;
const rowSize = (4 * 1024 * 1024) / rowsOfBatch;

/**
 * Of every ten rows one is not valid, one repeats an earlier one, one is of a user who is there already, whose role is replaced by
 * that of the row, as every row has one. Spaces make them long, so that a batch is soon full, and soon done.
 */
function makeRows(count: number, mark: string): string {
  let text = '';
  for (let index = 0; index < count; index++) {
    const id = index % 10 === 8 ? index - 5 : index;
    const email = index % 10 === 9 ? 'not an address' : `${mark}${id}@example.com`;
    const role = index % 2 === 0 ? 'even' : 'odd';
    const row = JSON.stringify({
      email,
      given_name: `row ${index}`,
      user_metadata: { index },
      roles: [role],
    });
    text += `${row.padEnd(rowSize)}\n`;
  }
  return text;
}

async function insertKnown(count: number, mark: string): Promise<void> {
  const jobs = startTestJobs(server);
  const rows = Array.from({ length: count / 10 }, (_, index) => ({
    email: `${mark}${index * 10 + 7}@example.com`,
    user_id: `${mark}known${index}`,
    roles: ['known'],
  }));
  const answer = await sendImport(server, JSON.stringify(rows), { connection_id });
  const job = await waitForJob(server, answer.body.id);
  await jobs.stop();
  expect(job.summary.inserted).toBe(count / 10);
}

/** Every row has one fate, every user is there once and is what the file says, and the summary counts them. */
async function assertImported(id: string, count: number, mark: string): Promise<void> {
  const job = await waitForJob(server, id, 120_000);
  const tenths = count / 10;
  expect(job).toMatchObject({
    status: 'completed',
    summary: {
      failed: (perTen.duplicates + perTen.invalid) * tenths,
      updated: perTen.updated * tenths,
      inserted: perTen.inserted * tenths,
      unchanged: 0,
      total: count,
    },
  });
  const { rows: users } = await sql<{ users: number; right: number; searchable: number; known: number }>`
    SELECT count(*)::float8 AS users,
      count(*) FILTER (WHERE users.given_name = 'row ' || substring(users.email from ${`^${mark}(\\d+)`})
        AND users.user_metadata ->> 'index' = substring(users.email from ${`^${mark}(\\d+)`}))::float8 AS right,
      count(user_search.id)::float8 AS searchable,
      count(*) FILTER (WHERE users.user_id LIKE ${`auth0|${mark}known%`})::float8 AS known
    FROM users LEFT JOIN user_search USING (user_id) WHERE users.email LIKE ${`${mark}%`}`.execute(
    server.database,
  );
  expect(users[0]).toEqual({ users: 8 * tenths, right: 8 * tenths, searchable: 8 * tenths, known: tenths });
  const { rows: members } = await sql<{ right: number; all: number }>`
    SELECT count(*)::float8 AS all,
      count(*) FILTER (WHERE role_ids = ARRAY[roles.id]
        AND roles.name = CASE substring(users.email from ${`^${mark}(\\d+)`})::integer % 2 WHEN 0 THEN 'even' ELSE 'odd' END)::float8 AS right
    FROM user_roles JOIN roles ON roles.id = role_id JOIN users USING (user_id) JOIN user_search USING (user_id)
    WHERE users.email LIKE ${`${mark}%`}`.execute(server.database);
  expect(members[0]).toEqual({ all: 8 * tenths, right: 8 * tenths });
  const { rows: errors } = await sql<{ count: number }>`
    SELECT count(*)::float8 AS count FROM job_errors WHERE job_id = ${id}`.execute(server.database);
  expect(errors[0]?.count).toBe(2 * tenths);
  const report = (await download(server, job.report_location)).trim().split('\n');
  expect(report.map((line) => JSON.parse(line).row)).toEqual(
    Array.from({ length: count }, (_, index) => index + 1),
  );
}

describe('an import whose process is killed', () => {
  it('at 25 random moments still gives every row its one fate', { timeout: 200_000 }, async () => {
    const count = 30 * rowsOfBatch;
    await insertKnown(count, 'one');
    const { body } = await sendImport(server, makeRows(count, 'one'), { connection_id, upsert: 'true' });
    const supply = createSupply();
    let killsAtWork = 0;
    for (let kills = 0; kills < 25; kills++) {
      const before = await progressOf([body.id]);
      expect(before.isOpen, `the import ended after ${kills} kills`).toBe(true);
      const child = supply.next();
      // Every fifth dies while it starts, the others in their first batch or soon after it.
      if (kills % 5 === 4) await wait(Math.random() * 300);
      else {
        const isInFirstBatch = kills % 2 === 0;
        await vi.waitFor(async () => {
          const { attempts, done } = await progressOf([body.id]);
          expect(done > before.done || (isInFirstBatch && attempts > before.attempts)).toBe(true);
        }, watching);
        await wait(Math.random() * 60);
        killsAtWork++;
      }
      await killJobProcess(child);
    }
    expect(killsAtWork).toBe(20);
    expect((await progressOf([body.id])).done).toBeGreaterThan(0);
    const last = supply.next();
    await assertImported(body.id, count, 'one');
    await killJobProcess(last);
    await supply.close();
  });

  it('among two that share several imports, 26 times', { timeout: 200_000 }, async () => {
    const count = 14 * rowsOfBatch;
    const marks = ['two', 'three', 'four', 'five'];
    const ids: string[] = [];
    for (const mark of marks) await insertKnown(count, mark);
    for (const mark of marks) {
      const answer = await sendImport(server, makeRows(count, mark), { connection_id, upsert: 'true' });
      ids.push(answer.body.id);
    }
    const supply = createSupply();
    const children = [supply.next(), supply.next()];
    for (let kills = 0; kills < 26; kills++) {
      const before = await progressOf(ids);
      expect(before.isOpen, `the imports ended after ${kills} kills`).toBe(true);
      // Every other one dies behind a batch of whichever process, so that the moments spread over the imports.
      const mayBeInFirstBatch = kills % 2 === 0;
      await vi.waitFor(async () => {
        const { attempts, done } = await progressOf(ids);
        expect(done > before.done || (mayBeInFirstBatch && attempts > before.attempts)).toBe(true);
      }, watching);
      await wait(Math.random() * 50);
      const killed = children.shift();
      if (killed) await killJobProcess(killed);
      children.push(supply.next());
    }
    for (const [index, mark] of marks.entries()) await assertImported(ids[index] ?? '', count, mark);
    await Promise.all(children.map(killJobProcess));
    await supply.close();
  });

  it('with the whole server goes on at its next start', { timeout: 200_000 }, async () => {
    const count = 10 * rowsOfBatch;
    await insertKnown(count, 'six');
    const { body } = await sendImport(server, makeRows(count, 'six'), { connection_id, upsert: 'true' });
    const environment = {
      DATABASE_URL: server.testDatabase.url,
      MUSTER_SECRET_KEY: testSecretKey,
      MUSTER_WORKERS: '1',
    };
    const first = spawnServer(environment);
    await vi.waitFor(async () => {
      expect((await progressOf([body.id])).done).toBeGreaterThan(0);
    }, watching);
    first.process.kill('SIGKILL');
    await first.exited;
    expect((await progressOf([body.id])).isOpen).toBe(true);
    const last = spawnServer(environment);
    await assertImported(body.id, count, 'six');
    last.process.kill('SIGTERM');
    expect(await last.exited).toBe(0);
  });

  it('while it builds indexes behind a large file leaves them to the next one', {
    timeout: 60_000,
  }, async () => {
    const first = startJobProcess(server);
    const held = await importUpToIndexes('seven');
    const job = (await server.request('GET', `/jobs/${held.id}`)).body;
    expect(job).toMatchObject({ status: 'processing', percentage_done: 90, phase: 'building_indexes' });
    expect(job).not.toHaveProperty('time_left_seconds');
    await killJobProcess(first);
    const second = startJobProcess(server);
    const query = { q: 'email:seven7@example.com' };
    expect((await server.request('GET', '/users', { query })).body).toHaveLength(1);
    await held.release();
    expect(await waitForJob(server, held.id)).toMatchObject({
      status: 'completed',
      summary: { inserted: 500, total: 500 },
    });
    expect(await listSearchIndexes()).toEqual(held.indexesBefore);

    // All rows are in: there is nothing left to cancel, and the indexes are needed all the same.
    const again = await importUpToIndexes('eight');
    expect((await server.request('POST', `/jobs/${again.id}/cancel`)).body.status).toBe('processing');
    await again.release();
    expect(await waitForJob(server, again.id)).toMatchObject({ status: 'completed', percentage_done: 100 });
    expect(await listSearchIndexes()).toEqual(held.indexesBefore);
    await killJobProcess(second);
  });
});

/** Names of the search indexes that can be used. */
async function listSearchIndexes(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid IN ('users'::regclass, 'user_search'::regclass, 'user_search_values'::regclass)
      AND indisvalid ORDER BY 1`.execute(server.database);
  return rows.map(({ name }) => name);
}

/** Imports few users in many bytes, and stops at the building of the indexes until it is let go on. */
async function importUpToIndexes(
  mark: string,
): Promise<{ readonly id: string; readonly indexesBefore: readonly string[]; release(): Promise<void> }> {
  const indexesBefore = await listSearchIndexes();
  const rows = Array.from({ length: 500 }, (_, index) =>
    JSON.stringify({ email: `${mark}${index}@example.com` }).padEnd(18_000),
  );
  const { id } = (await sendImport(server, rows.join('\n'), { connection_id })).body;
  const soon = { timeout: 20_000, interval: 5 };
  await vi.waitFor(async () => expect(await listSearchIndexes()).not.toEqual(indexesBefore), soon);
  const transaction = await server.database.startTransaction().execute();
  await sql`LOCK TABLE user_search, user_search_values IN ROW EXCLUSIVE MODE`.execute(transaction);
  await vi.waitFor(async () => {
    const { rows: waiting } = await sql`
      SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'CREATE INDEX%'
        AND wait_event_type = 'Lock'`.execute(server.database);
    expect(waiting).not.toEqual([]);
  }, soon);
  return {
    id,
    indexesBefore,
    release: async () => {
      await transaction.commit().execute();
    },
  };
}
