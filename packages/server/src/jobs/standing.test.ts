import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type JobsFixture, startJobsFixture } from '../../test/support/jobs-fixture.ts';
import { createUser } from '../../test/support/sign-in-fixture.ts';
import { signUserToken } from '../../test/support/sign-user-token.ts';
import { sendImport, startTestJobs, waitForJob } from '../../test/support/test-jobs.ts';
import type { TestServer } from '../../test/support/test-server.ts';
import { waitUntilBlocking } from '../../test/support/wait-until-blocking.ts';

let fixture: JobsFixture;
let server: TestServer;
let connection_id: string;
let subject: string;
let token: string;
beforeAll(async () => {
  fixture = await startJobsFixture();
  ({ server, connection_id } = fixture);
});
afterAll(() => fixture.close());
beforeEach(async () => {
  subject = await createUser(server, `asking${crypto.randomUUID()}@example.com`);
  await giveRole('administrator');
  token = await signUserToken(server, {
    subject,
    clientId: 'muster-dashboard',
    scopes: ['create:users', 'read:users', 'read:roles', 'read:role_members', 'read:users_credentials'],
  });
});

const standing = () => `/administrators/${encodeURIComponent(subject)}`;
const giveRole = (role: string) => server.request('PUT', standing(), { body: { role } });
const takeRole = () => server.request('DELETE', standing());
const block = () =>
  server.request('PATCH', `/users/${encodeURIComponent(subject)}`, { body: { blocked: true } });
const rowsOf = (count: number) =>
  JSON.stringify(
    Array.from({ length: count }, (_, index) => ({ email: `${index}.${subject.slice(6)}@example.com` })),
  );

/** What becomes of a job that is taken up only after something happened. */
async function endAfter(start: () => Promise<{ body: { id: string } }>, happen: () => Promise<unknown>) {
  await fixture.jobs.stop();
  const { body } = await start();
  await happen();
  fixture.jobs = startTestJobs(server);
  return waitForJob(server, body.id);
}

async function countImported(): Promise<number> {
  const { body } = await server.request('GET', '/users', {
    query: { q: `email:*.${subject.slice(6)}@example.com`, per_page: 0, include_totals: true },
  });
  return body.total;
}

describe('a job of somebody who may not do it any more', () => {
  const lost = { status: 'failed', status_details: expect.stringContaining('may not do it any more') };

  it.each([
    ['whose role was taken', takeRole],
    ['whose role is to look now', () => giveRole('auditor')],
    ['who was blocked', block],
  ])('ends before its first step: an import of somebody %s', async (_name, happen) => {
    const start = () => sendImport(server, rowsOf(3), { connection_id }, token);
    expect(await endAfter(start, happen)).toMatchObject({ ...lost, summary: { total: 0, inserted: 0 } });
    expect(await countImported()).toBe(0);
  });

  it.each([
    ['whose role was taken', takeRole],
    ['who was blocked', block],
  ])('ends before its first step, without a file: an export of somebody %s', async (_name, happen) => {
    const fields = [{ name: 'email' }, { name: 'roles' }];
    const start = () => server.request('POST', '/jobs/users-exports', { token, body: { fields } });
    const job = await endAfter(start, happen);
    expect(job).toMatchObject(lost);
    expect(job.location).toBeUndefined();
  });

  it('ends for want of one scope that it needs: an export of hashes by somebody who may still read users', async () => {
    await giveRole('owner');
    const start = (body: object) => () => server.request('POST', '/jobs/users-exports', { token, body });
    const hashes = await endAfter(start({ include_password_hashes: true }), () => giveRole('support'));
    expect(hashes).toMatchObject(lost);
    await giveRole('owner');
    expect(await endAfter(start({}), () => giveRole('support'))).toMatchObject({ status: 'completed' });
  });

  it('ends in the middle, and what was done so far stays', async () => {
    const rowCount = 12_000;
    // Held by somebody else, as by a slow call, so that the import stands within its first batches.
    const other = await createUser(server, `other${crypto.randomUUID()}@example.com`);
    const held = await server.database.startTransaction().execute();
    await sql`
      INSERT INTO identities (user_id, position, connection_id, connection, provider, provider_user_id, is_social, profile, email_identifier)
      SELECT user_id, 1, connection_id, connection, provider, 'held', false, '{}', ${`4000.${subject.slice(6)}@example.com`}
      FROM identities WHERE user_id = ${other}`.execute(held);
    const { body } = await sendImport(server, rowsOf(rowCount), { connection_id }, token);
    await waitUntilBlocking(held);
    await takeRole();
    await held.rollback().execute();
    const job = await waitForJob(server, body.id);
    expect(job).toMatchObject(lost);
    expect(job.summary.inserted).toBeGreaterThan(0);
    expect(job.summary.inserted).toBeLessThan(rowCount);
    expect(await countImported()).toBe(job.summary.inserted);
  });

  it('goes on for somebody whose role still lets them', async () => {
    const start = () => sendImport(server, rowsOf(3), { connection_id }, token);
    const job = await endAfter(start, () => giveRole('owner'));
    expect(job).toMatchObject({ status: 'completed', summary: { inserted: 3 } });
  });
});
