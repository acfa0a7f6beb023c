import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findByEmail,
  type JobsFixture,
  readErrors,
  startJobsFixture,
} from '../../../test/support/jobs-fixture.ts';
import { runImport } from '../../../test/support/test-jobs.ts';
import type { TestServer } from '../../../test/support/test-server.ts';

let fixture: JobsFixture;
let server: TestServer;
let connection_id: string;
beforeAll(async () => {
  fixture = await startJobsFixture({ MUSTER_IMPORT_LIMIT: String(200 * 1024 * 1024) });
  ({ server, connection_id } = fixture);
});
afterAll(() => fixture.close());

const corrupt = (whole: Buffer) => Buffer.from(whole).fill(0xff, whole.length - 200, whole.length - 180);

describe('the file of an import', () => {
  it('goes on behind a row that is not JSON, and names it', async () => {
    const lines = ['{"email":"l1@example.com"}', '{"email":', '', '{"email":"l3@example.com"}'].join('\n');
    const job = await runImport(server, lines, { connection_id });
    expect(job.summary).toMatchObject({ inserted: 2, failed: 1, total: 3 });
    expect(await readErrors(server, job)).toMatchObject([{ row: 2, line: 2, errors: [{ code: 'FORMAT' }] }]);
  });

  it('stops where an array breaks, keeps what was before, and says where', async () => {
    const job = await runImport(
      server,
      '[{"email":"b1@example.com"},\n {"email":"b2@example.com"} {"email":"b3@example.com"}]',
      { connection_id },
    );
    expect(job).toMatchObject({ status: 'failed', summary: { inserted: 2, total: 2 } });
    expect(job.status_details).toContain('Row 3, line 2');
    expect(await findByEmail(server, 'b2@example.com')).toBeDefined();
    expect(await findByEmail(server, 'b3@example.com')).toBeUndefined();
    const whole = await server.request('GET', `/jobs/${job.id}/errors`);
    expect(whole.body).toMatchObject({ id: job.id, status: 'failed' });
  });

  it.each([
    ['an array, gzip', gzipSync(JSON.stringify([{ email: 'g1@example.com' }]))],
    ['lines, gzip of two members', Buffer.concat([gzipSync('{"email":"g1@example.com"}\n'), gzipSync('\n')])],
    ['lines with a byte order mark and CR LF', '\uFEFF{"email":"g1@example.com"}\r\n\r\n'],
    ['an array with a byte order mark', '\uFEFF [ {"email":"g1@example.com"} ] '],
    ['CSV', 'email,user_metadata.plan\r\n"g1@example.com",pro\r\n'],
  ])('reads %s', async (_name, file) => {
    const job = await runImport(server, file, { connection_id, upsert: 'true' });
    expect(job).toMatchObject({ status: 'completed', summary: { total: 1, failed: 0 } });
  });

  it('takes a file without users for what it is', async () => {
    expect(await runImport(server, '[]', { connection_id })).toMatchObject({
      status: 'completed',
      summary: { failed: 0, updated: 0, inserted: 0, unchanged: 0, total: 0 },
    });
  });

  it('refuses a gzip bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, ' '), { level: 9 });
    const job = await runImport(server, bomb, { connection_id });
    expect(job.status).toBe('failed');
    expect(job.status_details).toMatch(/grows more than|empty/);
  });

  it.each([
    ['ends early', (whole: Buffer) => whole.subarray(0, -20)],
    ['has a wrong byte', (whole: Buffer) => corrupt(whole)],
  ])('keeps the rows before the place where gzip data %s, and names it', async (name, damage) => {
    const lines = Array.from(
      { length: 100 },
      (_, index) => `{"email":"${name.slice(0, 3)}${index}@example.com","name":"${Math.random()}"}\n`,
    );
    const job = await runImport(server, damage(gzipSync(lines.join(''))), { connection_id });
    expect(job.status).toBe('failed');
    expect(job.summary.inserted).toBeGreaterThan(50);
    expect(job.summary.inserted).toBeLessThan(100);
    const next = job.summary.total + 1;
    expect(job.status_details).toMatch(
      new RegExp(`^Row ${next}, line ${next}: the gzip data is broken after`),
    );
  });

  it('stops at a quote of CSV that is never closed, and says where', async () => {
    const lines = [
      'email,name',
      'q1@example.com,"One, ""1"""',
      'q2@example.com,"Two',
      'q3@example.com,Three',
    ];
    const job = await runImport(server, lines.join('\n'), { connection_id });
    expect(job).toMatchObject({ status: 'failed', summary: { inserted: 1, total: 1 } });
    expect(job.status_details).toContain('Row 2, line 3: the file ends inside a quoted cell');
    expect((await findByEmail(server, 'q1@example.com')).name).toBe('One, "1"');
  });

  it('takes a quote inside a cell for a character', async () => {
    const lines = [
      'email,name',
      'i1@example.com,5" pipe',
      '"i2@example.com","a""b',
      'c"',
      'i3@example.com,"x"y',
    ];
    const job = await runImport(server, lines.join('\n'), { connection_id });
    expect(job.summary).toMatchObject({ inserted: 2, failed: 1 });
    expect(await readErrors(server, job)).toMatchObject([{ row: 3, line: 5, errors: [{ code: 'FORMAT' }] }]);
    expect((await findByEmail(server, 'i1@example.com')).name).toBe('5" pipe');
    expect((await findByEmail(server, 'i2@example.com')).name).toBe('a"b\nc');
  });

  it('reads cells of foreign CSV as they are written', async () => {
    const columns = ['email', 'family_name', ...'abcdefgh'].map((name) =>
      name.length > 1 ? name : `user_metadata.${name}`,
    );
    const cells = [
      "'t Hooft",
      '1e5',
      '12345678901234567890',
      '007',
      '-1.5',
      'true',
      '"{""a"":1}"',
      '[draft]',
      'null',
    ];
    const file = `${columns.join(',')}\ncells@example.com,${cells.join(',')}\n`;
    await runImport(server, file, { connection_id });
    expect(await findByEmail(server, 'cells@example.com')).toMatchObject({
      family_name: "'t Hooft",
      user_metadata: {
        a: '1e5',
        b: '12345678901234567890',
        c: '007',
        d: -1.5,
        e: true,
        f: { a: 1 },
        g: '[draft]',
        h: 'null',
      },
    });
  });
});
