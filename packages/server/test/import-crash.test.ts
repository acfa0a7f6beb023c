import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
  const query = { name: 'Username-Password-Authentication' };
  connection_id = (await server.request('GET', '/connections', { query })).body[0].id;
});
afterEach(() => server.close());

/** As the primary starts it. */
function startJobProcess(): ChildProcess {
  const child = fork(new URL('../src/jobs-main.ts', import.meta.url), {
    env: {
      PATH: process.env['PATH'],
      MUSTER_PUBLIC_URL: server.config.publicUrl,
      MUSTER_LOG_LEVEL: 'silent',
      MUSTER_SECRET_KEY: testSecretKey,
    },
    stdio: 'ignore',
  });
  child.send({ connection: server.testDatabase.connection, secretKey: testSecretKey });
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
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

const perTen = { inserted: 7, updated: 1, duplicates: 1, invalid: 1 };

/** Of every ten rows one is not valid, one repeats an earlier one, one is of a user who is there already. */
function makeRows(count: number, mark: string): string {
  let text = '';
  for (let index = 0; index < count; index++) {
    const id = index % 10 === 8 ? index - 5 : index;
    const email = index % 10 === 9 ? 'not an address' : `${mark}${id}@example.com`;
    text += `${JSON.stringify({ email, given_name: `row ${index}`, user_metadata: { index } })}\n`;
  }
  return text;
}

async function insertKnown(count: number, mark: string): Promise<void> {
  const jobs = startTestJobs(server);
  const rows = Array.from({ length: count / 10 }, (_, index) => ({
    email: `${mark}${index * 10 + 7}@example.com`,
    user_id: `${mark}known${index}`,
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
  const { rows: errors } = await sql<{ count: number }>`
    SELECT count(*)::float8 AS count FROM job_errors WHERE job_id = ${id}`.execute(server.database);
  expect(errors[0]?.count).toBe(2 * tenths);
  const report = (await download(server, job.report_location)).trim().split('\n');
  expect(report.map((line) => JSON.parse(line).row)).toEqual(
    Array.from({ length: count }, (_, index) => index + 1),
  );
}

describe('an import whose process is killed', () => {
  it('at 25 random moments still gives every row its one fate', { timeout: 400_000 }, async () => {
    const count = 90_000;
    await insertKnown(count, 'one');
    const rows = makeRows(count, 'one');
    const { body } = await sendImport(server, gzipSync(rows), { connection_id, upsert: 'true' });
    let kills = 0;
    let killsAtWork = 0;
    while (kills < 25) {
      const before = await progressOf([body.id]);
      expect(before.isOpen, `the import ended after ${kills} kills`).toBe(true);
      const child = startJobProcess();
      // Every fifth dies while it starts, the others in their first batch or soon after it.
      if (kills % 5 === 4) await wait(Math.random() * 1_500);
      else {
        const isInFirstBatch = kills % 2 === 0;
        await vi.waitFor(
          async () => {
            const { attempts, done } = await progressOf([body.id]);
            expect(done > before.done || (isInFirstBatch && attempts > before.attempts)).toBe(true);
          },
          { timeout: 20_000, interval: 10 },
        );
        await wait(Math.random() * (isInFirstBatch ? 900 : 150));
        killsAtWork++;
      }
      await kill(child);
      kills++;
    }
    expect(killsAtWork).toBe(20);
    expect((await progressOf([body.id])).done).toBeGreaterThan(0);
    const last = startJobProcess();
    await assertImported(body.id, count, 'one');
    await kill(last);
  });

  it('among two that share several imports', { timeout: 400_000 }, async () => {
    const count = 6_000;
    const marks = ['two', 'three', 'four', 'five'];
    const ids: string[] = [];
    for (const mark of marks) await insertKnown(count, mark);
    for (const mark of marks) {
      const answer = await sendImport(server, makeRows(count, mark), { connection_id, upsert: 'true' });
      ids.push(answer.body.id);
    }
    const children = [startJobProcess(), startJobProcess()];
    for (let kills = 0; kills < 10; kills++) {
      await wait(500 + Math.random() * 1_500);
      const killed = children.shift();
      if (killed) await kill(killed);
      children.push(startJobProcess());
    }
    for (const [index, mark] of marks.entries()) await assertImported(ids[index] ?? '', count, mark);
    for (const child of children) await kill(child);
  });

  it('with the whole server goes on at its next start', { timeout: 200_000 }, async () => {
    const count = 30_000;
    await insertKnown(count, 'six');
    const { body } = await sendImport(server, makeRows(count, 'six'), { connection_id, upsert: 'true' });
    const environment = {
      DATABASE_URL: server.testDatabase.url,
      MUSTER_SECRET_KEY: testSecretKey,
      MUSTER_WORKERS: '1',
    };
    for (let kills = 0; kills < 2; kills++) {
      const spawned = spawnServer(environment);
      await vi.waitFor(
        async () => {
          const { done } = await progressOf([body.id]);
          expect(done).toBeGreaterThan(kills * 6_000);
        },
        { timeout: 60_000, interval: 20 },
      );
      spawned.process.kill('SIGKILL');
      await spawned.exited;
    }
    expect((await progressOf([body.id])).isOpen).toBe(true);
    const last = spawnServer(environment);
    await assertImported(body.id, count, 'six');
    last.process.kill('SIGTERM');
    expect(await last.exited).toBe(0);
  });
});
