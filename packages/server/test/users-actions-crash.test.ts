import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { killJobProcess, startJobProcess } from './support/job-process.ts';
import { database } from './support/sign-in-fixture.ts';
import { runImport, startTestJobs, waitForJob } from './support/test-jobs.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

const people = 150;
const kills = 6;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Without passwords, whose hashes would take longer than everything else here. */
async function importPeople(): Promise<void> {
  const jobs = startTestJobs(server);
  const [{ id }] = (await server.request('GET', '/connections', { query: { name: database } })).body;
  const users = Array.from({ length: people }, (_, index) => ({ email: `crash${index}@example.com` }));
  expect((await runImport(server, users, { connection_id: id })).summary.inserted).toBe(people);
  await jobs.stop();
}

describe('an action on many users whose process is killed at random moments', () => {
  it(`has done it once to each of ${people} in the end, with one log event each`, async () => {
    await importPeople();
    const body = { action: 'delete', q: 'email:crash*' };
    const { body: job } = await server.request('POST', '/jobs/users-actions', { body });
    const readDone = async () => {
      const { summary } = (await server.request('GET', `/jobs/${job.id}`)).body;
      return (summary?.changed ?? 0) + (summary?.unchanged ?? 0) + (summary?.failed ?? 0);
    };
    let child = startJobProcess(server);
    let done = 0;
    for (let killed = 0; killed < kills; killed++) {
      // Each run gets further, and is then ended within a few users, wherever that is.
      await vi.waitFor(async () => expect(await readDone()).toBeGreaterThan(done), {
        timeout: 30_000,
        interval: 20,
      });
      await wait(Math.random() * 150);
      await killJobProcess(child);
      done = await readDone();
      child = startJobProcess(server);
    }
    const ended = await waitForJob(server, job.id);
    await killJobProcess(child);
    process.stdout.write(`\nkilled ${kills} times, the last time after ${done} of ${people} users\n`);
    expect(ended).toMatchObject({
      status: 'completed',
      summary: { changed: people, unchanged: 0, failed: 0, total: people },
    });
    const events = await sql<{ users: number; events: number }>`
      SELECT count(DISTINCT user_id) AS users, count(*) AS events FROM logs WHERE type = 'sdu'`.execute(
      server.database,
    );
    expect(events.rows).toEqual([{ users: people, events: people }]);
    const deleted = await sql<{ count: number }>`SELECT count(*) AS count FROM deleted_users`.execute(
      server.database,
    );
    expect(deleted.rows).toEqual([{ count: people }]);
  }, 120_000);
});
