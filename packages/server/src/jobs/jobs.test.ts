import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createUser } from '../../test/support/sign-in-fixture.ts';
import { runImport, sendImport, startTestJobs, waitForJob } from '../../test/support/test-jobs.ts';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';
import { deleteExpiredJobs, type JobRunner } from '../platform/jobs/index.ts';

let server: TestServer;
let jobs: JobRunner;
let connection_id: string;
beforeAll(async () => {
  server = await startTestServer({ MUSTER_IMPORT_LIMIT: '3000000' });
  jobs = startTestJobs(server);
  const query = { name: 'Username-Password-Authentication' };
  connection_id = (await server.request('GET', '/connections', { query })).body[0].id;
});
afterAll(async () => {
  await jobs.stop();
  await server.close();
});

describe('a job', () => {
  it('is unknown under the id of another one', async () => {
    for (const path of ['/jobs/job_0000000000000000', '/jobs/x']) {
      const answer = await server.request('GET', path);
      expect(answer).toMatchObject({
        status: 404,
        body: { errorCode: 'inexistent_job', message: 'Job not found.' },
      });
    }
    expect(await server.request('GET', '/jobs/x/errors')).toMatchObject({
      status: 404,
      body: { message: 'The job does not exist' },
    });
    expect((await server.request('POST', '/jobs/x/cancel')).status).toBe(404);
  });

  it('reports an import to the owners by mail, once, when it asks for that', async () => {
    const owner = await createUser(server, 'owner@example.com');
    const blocked = await createUser(server, 'gone@example.com', { blocked: true });
    const auditor = await createUser(server, 'auditor@example.com');
    for (const [id, role] of [
      [owner, 'owner'],
      [blocked, 'owner'],
      [auditor, 'auditor'],
    ])
      await sql`INSERT INTO administrators (user_id, role) VALUES (${id}, ${role})`.execute(server.database);
    const reports = async () =>
      (await server.request('GET', '/messages')).body.filter(
        ({ kind }: { kind: string }) => kind === 'import_report',
      );
    const rows = [{ email: 'reported@example.com' }, { email: 'no address' }];
    await runImport(server, rows, { connection_id, send_completion_email: 'false' });
    expect(await reports()).toEqual([]);

    const job = await runImport(server, rows, { connection_id, upsert: 'true' });
    const made = await reports();
    // The first one came with the server.
    expect(made.map(({ to }: { to: string }) => to).sort()).toEqual([
      'admin@example.com',
      'owner@example.com',
    ]);
    const report = made.find(({ user_id }: { user_id: string }) => user_id === owner);
    const message = (await server.request('GET', `/messages/${report.id}`)).body;
    expect(message.subject).toBe('Import into Username-Password-Authentication: done');
    expect(message.text).toContain('Inserted: 0. Updated: 0. Unchanged: 1. Failed: 1.');
    expect(message.text).toContain(`${server.config.publicUrl}/dashboard/jobs/${job.id}`);

    await runImport(server, '[{"email": "broken', { connection_id });
    const [failed] = await reports();
    const { subject, text } = (await server.request('GET', `/messages/${failed.id}`)).body;
    expect(subject).toBe('Import into Username-Password-Authentication: failed');
    expect(text).toContain('stopped before its end:');
    await sql`DELETE FROM administrators WHERE user_id = ANY(${[owner, blocked, auditor]})`.execute(
      server.database,
    );
  });

  it('is listed, newest first, by its kind', async () => {
    const first = await runImport(server, '[]', { connection_id, external_id: 'first' });
    const second = await runImport(server, '[]', { connection_id, external_id: 'second' });
    const { body } = await server.request('GET', '/jobs', {
      query: { type: 'users_import', include_totals: true, per_page: 2 },
    });
    expect(body.jobs.map(({ id }: { id: string }) => id)).toEqual([second.id, first.id]);
    expect(body).toMatchObject({ start: 0, limit: 2 });
    expect(body.jobs[0]).toMatchObject({ external_id: 'second', status: 'completed' });
    expect((await server.request('GET', '/jobs', { query: { type: 'users_export' } })).body).toEqual([]);
  });

  it('shows an empty external id as none', async () => {
    expect(await runImport(server, '[]', { connection_id, external_id: '' })).not.toHaveProperty(
      'external_id',
    );
  });

  it('ends when it is cancelled, and keeps what it did', async () => {
    await jobs.stop();
    const rows = Array.from({ length: 9_000 }, (_, index) => ({ email: `cancel${index}@example.com` }));
    const waiting = await sendImport(server, JSON.stringify(rows), { connection_id });
    const cancelled = await server.request('POST', `/jobs/${waiting.body.id}/cancel`);
    expect(cancelled).toMatchObject({ status: 202, body: { status: 'cancelled' } });
    const stranger = { scopes: ['read:users'] };
    expect((await server.request('POST', `/jobs/${waiting.body.id}/cancel`, stranger)).status).toBe(403);
    const held = rows.map((row, index) => (index === 4_000 ? { ...row, user_id: 'held' } : row));
    const running = await sendImport(server, JSON.stringify(held), { connection_id });
    // The second batch waits for the id that somebody else is about to take.
    const transaction = await server.database.startTransaction().execute();
    await sql`INSERT INTO users (user_id) VALUES ('auth0|held')`.execute(transaction);
    jobs = startTestJobs(server);
    const seen = await vi.waitFor(async () => {
      const { body } = await server.request('GET', `/jobs/${running.body.id}`);
      expect(body.summary?.total).toBe(3_000);
      return body;
    }, 20_000);
    expect(seen).toMatchObject({ status: 'processing', percentage_done: expect.any(Number) });
    expect(seen.percentage_done).toBeGreaterThan(25);
    expect(seen.percentage_done).toBeLessThan(40);
    expect(seen.time_left_seconds).toBeGreaterThan(0);
    // What is left is told by the speed of this run, not by when the job was first begun.
    await sql`UPDATE jobs SET started_at = now() - interval '1 day' WHERE job_id = ${running.body.id}`.execute(
      server.database,
    );
    const later = (await server.request('GET', `/jobs/${running.body.id}`)).body;
    expect(later.time_left_seconds).toBeLessThan(600);
    await server.request('POST', `/jobs/${running.body.id}/cancel`);
    await transaction.rollback().execute();
    expect(await waitForJob(server, running.body.id)).toMatchObject({
      status: 'cancelled',
      summary: { inserted: 6_000, total: 6_000 },
    });
    const { body } = await server.request('GET', '/users', {
      query: { q: 'email:cancel*', include_totals: true, per_page: 1 },
    });
    expect(body.total).toBe(6_000);
    expect((await waitForJob(server, waiting.body.id)).status).toBe('cancelled');
  });

  it('keeps its file no longer than it reads it, but for what is only tried', async () => {
    const files = async (id: string) => {
      const { rows } = await sql<{ kind: string }>`
        SELECT job_files.kind FROM job_files JOIN jobs ON file_id IN (source_file_id, report_file_id)
        WHERE job_id = ${id} ORDER BY 1`.execute(server.database);
      return rows.map(({ kind }) => kind);
    };
    const tried = await runImport(server, [{ email: 'f1@example.com' }], { connection_id, dry_run: 'true' });
    expect(await files(tried.id)).toEqual(['report', 'upload']);
    const done = await runImport(server, [{ email: 'f1@example.com' }], { connection_id });
    expect(await files(done.id)).toEqual(['report']);
    const broken = await runImport(server, '[{', { connection_id });
    expect(await files(broken.id)).toEqual(['report']);
  });

  it('tells every row that failed, at once and by pages', async () => {
    const rows = Array.from({ length: 1_234 }, (_, index) => ({
      email: index % 2 ? `bad ${index}` : `paged${index}@example.com`,
    }));
    const { id } = await runImport(server, rows, { connection_id });
    const expected = Array.from({ length: 617 }, (_, index) => 2 * index + 2);
    const rowsOf = (body: { row: number }[]) => body.map(({ row }) => row);
    const all = await server.request('GET', `/jobs/${id}/errors`);
    expect(all.headers['content-type']).toContain('application/json');
    expect(all.body.map(({ user }: { user: { email: string } }) => user.email)).toEqual(
      expected.map((row) => `bad ${row - 1}`),
    );
    const paged: number[] = [];
    for (let from = 0; ; from = paged.at(-1) ?? 0) {
      const page = await server.request('GET', `/jobs/${id}/errors`, { query: { from, take: 250 } });
      if (page.body.length === 0) break;
      paged.push(...rowsOf(page.body));
    }
    expect(paged).toEqual(expected);
  });

  it('is deleted with its files once its time is over', async () => {
    const job = await runImport(server, [{ email: 'bad' }], { connection_id });
    await deleteExpiredJobs(server.database, new Date(Date.now() - 3_600_000));
    expect((await server.request('GET', `/jobs/${job.id}`)).status).toBe(200);
    await deleteExpiredJobs(server.database, new Date(Date.now() + 3_600_000));
    expect((await server.request('GET', `/jobs/${job.id}`)).status).toBe(404);
    const { pathname, search } = new URL(job.report_location);
    expect((await server.fetchRaw('GET', pathname + search)).status).toBe(404);
  });
});

describe('an upload in pieces', () => {
  async function begin(size: number, scopes?: readonly string[]) {
    return server.request('POST', '/jobs/uploads', { body: { size }, ...(scopes ? { scopes } : {}) });
  }

  async function append(id: number, offset: number, piece: string | Buffer) {
    return server.fetchRaw('PUT', `/api/v2/jobs/uploads/${id}?offset=${offset}`, {
      payload: piece,
      headers: {
        authorization: `Bearer ${await server.getToken()}`,
        'content-type': 'application/octet-stream',
      },
    });
  }

  it('goes on where it was interrupted and is imported', async () => {
    const file = Buffer.from(
      JSON.stringify([{ email: 'pieces@example.com' }, { email: 'more-pieces@example.com' }]),
    );
    const { status, body: upload } = await begin(file.length);
    expect(status).toBe(201);
    expect(upload).toEqual({ id: expect.any(Number), offset: 0, size: file.length, is_complete: false });
    expect((await append(upload.id, 0, file.subarray(0, 10))).body).toMatchObject({
      offset: 10,
      is_complete: false,
    });
    const early = await sendImport(server, undefined, { connection_id, upload_id: String(upload.id) });
    expect(early.body.message).toContain(`10 of ${file.length} bytes`);
    expect(await append(upload.id, 0, file)).toMatchObject({
      status: 409,
      body: { errorCode: 'upload_conflict', offset: 10 },
    });
    expect((await server.request('GET', `/jobs/uploads/${upload.id}`)).body.offset).toBe(10);
    expect((await append(upload.id, 10, file.subarray(10))).body).toMatchObject({ is_complete: true });
    expect((await append(upload.id, file.length, 'x')).status).toBe(409);
    const answer = await sendImport(server, undefined, { connection_id, upload_id: String(upload.id) });
    expect(answer.status).toBe(202);
    expect((await waitForJob(server, answer.body.id)).summary.inserted).toBe(2);
    const again = await sendImport(server, undefined, { connection_id, upload_id: String(upload.id) });
    expect(again).toMatchObject({ status: 409, body: { job_id: answer.body.id } });
  });

  it('takes one of two pieces for the same place', async () => {
    const { body: upload } = await begin(6);
    const answers = await Promise.all(['aaa', 'bbb', 'ccc'].map((piece) => append(upload.id, 0, piece)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it('is refused beyond its size and beyond the limit', async () => {
    expect((await begin(3_000_001)).status).toBe(413);
    const { body: upload } = await begin(5);
    expect((await append(upload.id, 0, '123456')).status).toBe(413);
    expect((await sendImport(server, 'x'.repeat(3_000_001), { connection_id })).status).toBe(413);
  });

  it('is nobody else’s, and none that is not there', async () => {
    expect((await append(999_999, 0, 'x')).status).toBe(404);
    const { body: upload } = await begin(5, ['create:users']);
    expect(
      (await server.request('GET', `/jobs/uploads/${upload.id}`, { scopes: ['read:users'] })).status,
    ).toBe(403);
  });
});

describe('a verification e-mail', () => {
  it('is in the outbox when its job is answered', async () => {
    const user = await server.request('POST', '/users', {
      body: {
        connection: 'Username-Password-Authentication',
        email: 'verify@example.com',
        password: 'Correct-horse-9',
        verify_email: false,
      },
    });
    const answer = await server.request('POST', '/jobs/verification-email', {
      body: { user_id: user.body.user_id },
    });
    expect(answer).toMatchObject({ status: 201, body: { type: 'verification_email', status: 'completed' } });
    expect((await server.request('GET', `/jobs/${answer.body.id}`)).body).toMatchObject({
      id: answer.body.id,
      status: 'completed',
    });
    const { body } = await server.request('GET', '/messages', { query: { user_id: user.body.user_id } });
    expect(body).toMatchObject([{ kind: 'verify_email' }]);
  });

  it('is refused for nobody, and for an identity that is not theirs', async () => {
    const unknown = await server.request('POST', '/jobs/verification-email', {
      body: { user_id: 'auth0|nobody' },
    });
    expect(unknown).toMatchObject({ status: 404, body: { errorCode: 'inexistent_user' } });
    const { body } = await server.request('GET', '/users-by-email', {
      query: { email: 'verify@example.com' },
    });
    const identity = { user_id: 'other', provider: 'auth0' };
    const answer = await server.request('POST', '/jobs/verification-email', {
      body: { user_id: body[0].user_id, identity },
    });
    expect(answer.status).toBe(400);
  });
});
