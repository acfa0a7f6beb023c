import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { download, runImport, sendImport, startTestJobs } from '../../../test/support/test-jobs.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import type { JobRunner } from '../../platform/jobs/index.ts';
import { serializeError } from '../../platform/telemetry/serialize-error.ts';

let server: TestServer;
let jobs: JobRunner;
let connection_id: string;
beforeAll(async () => {
  server = await startTestServer({ MUSTER_IMPORT_LIMIT: String(200 * 1024 * 1024) });
  jobs = startTestJobs(server);
  const query = { name: 'Username-Password-Authentication' };
  const { body } = await server.request('GET', '/connections', { query });
  connection_id = body[0].id;
  await server.request('POST', '/connections', { body: { name: 'google', strategy: 'google-oauth2' } });
});
afterAll(async () => {
  await jobs.stop();
  await server.close();
});

const own = (user_id: string) => ({
  connection: 'Username-Password-Authentication',
  provider: 'auth0',
  user_id,
});
const corrupt = (whole: Buffer) => Buffer.from(whole).fill(0xff, whole.length - 200, whole.length - 180);
const google = (user_id: string) => ({ connection: 'google', provider: 'google-oauth2', user_id });

async function errorsOf(job: { id: string }) {
  return (await server.request('GET', `/jobs/${job.id}/errors`, { query: { take: 1000 } })).body;
}

async function findByEmail(email: string) {
  const { body } = await server.request('GET', '/users-by-email', { query: { email } });
  return body[0];
}

/** Code and path of each error, row by row. */
async function importAndList(rows: readonly unknown[], fields: Record<string, string> = {}) {
  const job = await runImport(server, rows, { connection_id, ...fields });
  const failed = (await errorsOf(job)) ?? [];
  return failed.map((row: { row: number; errors: { code: string; path?: string }[] }) =>
    [row.row, ...row.errors.map(({ code, path }) => `${code} ${path ?? ''}`.trim())].join(': '),
  );
}

describe('an import', () => {
  it('keeps every attribute of the schema and finds the users at once', async () => {
    const user = {
      email: 'Anna.Every@Example.com',
      email_verified: true,
      user_id: 'every-attribute',
      given_name: 'Anna',
      family_name: 'Every',
      name: 'Anna Every',
      nickname: 'annie',
      picture: 'https://example.com/anna.png',
      blocked: true,
      app_metadata: { plan: 'pro', nested: { list: [1, 'two', null] } },
      user_metadata: { colour: 'grün', emoji: '😀', empty: {} },
      phone_number: '+4915112345678',
      phone_verified: true,
      mfa_factors: [
        { totp: { secret: 'JBSWY3DPEHPK3PXP' } },
        { phone: { value: '+4915112345678' } },
        { email: { value: 'a@b.example' } },
      ],
    };
    const job = await runImport(server, [user], { connection_id });
    expect(job).toMatchObject({
      type: 'users_import',
      status: 'completed',
      connection: 'Username-Password-Authentication',
      summary: { failed: 0, updated: 0, inserted: 1, total: 1 },
      percentage_done: 100,
    });
    const { mfa_factors: _factors, user_id: _id, ...kept } = user;
    const found = await server.request('GET', '/users', {
      query: { q: 'app_metadata.plan:pro AND name:"anna every"' },
    });
    expect(found.body).toHaveLength(1);
    expect(found.body[0]).toMatchObject({
      ...kept,
      email: 'anna.every@example.com',
      user_id: 'auth0|every-attribute',
    });
    expect(found.body[0]).not.toHaveProperty('mfa_factors');
    expect((await server.request('GET', `/jobs/${job.id}/errors`)).status).toBe(204);
  });

  it('says of every row why it was refused, with the code and the path', async () => {
    const cases: readonly [unknown, string][] = [
      [7, 'OBJECT_REQUIRED'],
      [[], 'OBJECT_REQUIRED'],
      [{}, 'OBJECT_MISSING_REQUIRED_PROPERTY email'],
      [{ email: 'nobody' }, 'FORMAT email'],
      [{ email: 7 }, 'INVALID_TYPE email'],
      [{ email: 'e1@example.com', emial: 'x' }, 'OBJECT_ADDITIONAL_PROPERTIES emial'],
      [{ email: 'e2@example.com', name: '' }, 'MIN_LENGTH name'],
      [{ email: 'e3@example.com', name: 'x'.repeat(301) }, 'MAX_LENGTH name'],
      [{ email: 'e4@example.com', blocked: 'yes' }, 'INVALID_TYPE blocked'],
      [{ email: 'e5@example.com', phone_number: '0151' }, 'PATTERN phone_number'],
      [{ email: 'e6@example.com', picture: 'no uri' }, 'FORMAT picture'],
      [{ email: 'e7@example.com', user_metadata: [] }, 'INVALID_TYPE user_metadata'],
      [{ email: 'e8@example.com', mfa_factors: [] }, 'ARRAY_LENGTH_SHORT mfa_factors'],
      [
        {
          email: 'e9@example.com',
          mfa_factors: Array.from({ length: 11 }, () => ({ totp: { secret: 'A' } })),
        },
        'ARRAY_LENGTH_LONG mfa_factors',
      ],
      [
        { email: 'e10@example.com', mfa_factors: [{ totp: { secret: 'a1' } }] },
        'PATTERN mfa_factors[0].totp.secret',
      ],
      [{ email: 'e11@example.com', mfa_factors: [{}] }, 'ANY_OF_MISSING mfa_factors[0]'],
      [
        {
          email: 'e12@example.com',
          mfa_factors: [{ totp: { secret: 'A' }, email: { value: 'a@b.example' } }],
        },
        'NOT_PASSED mfa_factors[0]',
      ],
      [{ email: 'e13@example.com', logins_count: -1 }, 'MINIMUM logins_count'],
      [{ email: 'e14@example.com', logins_count: 2 ** 40 }, 'MAXIMUM logins_count'],
      [{ email: 'e15@example.com', password_hash: 'x' }, 'FORMAT password_hash'],
      [
        { email: 'e16@example.com', password_hash: 'x', custom_password_hash: {} },
        'NOT_PASSED custom_password_hash',
      ],
      [{ email: 'e17@example.com', username: 'someone' }, 'NOT_PASSED username'],
      [{ email: 'e18@example.com', user_metadata: { 'a.b': 1 } }, 'NOT_PASSED'],
      [{ email: 'e19@example.com', app_metadata: { x: 'x'.repeat(1_100_000) } }, 'PROFILE_SIZE_EXCEEDED'],
      [{ email: 'e20@example.com', name: 'a\u0000b' }, 'NOT_PASSED'],
      [{ email: 'e21@example.com', created_at: '0000-01-01T00:00:00Z' }, 'FORMAT created_at'],
      [{ email: 'e22@example.com', updated_at: '9999-12-31T23:59:59.999-23:00' }, 'FORMAT updated_at'],
      [
        { email: 'e23@example.com', identities: [own('e23'), { ...own('x'), connection: 'nowhere' }] },
        'CONNECTION_NOT_FOUND identities[1].connection',
      ],
      [
        { email: 'e24@example.com', identities: [{ ...own('e24'), connection: 'nowhere' }] },
        'CONNECTION_NOT_FOUND identities[0].connection',
      ],
      [
        { email: 'e25@example.com', identities: [{ ...own('e25'), provider: 'google-oauth2' }] },
        'NOT_PASSED identities[0].provider',
      ],
      [
        { email: 'e26@example.com', user_id: 'auth0|another', identities: [own('e26')] },
        'NOT_PASSED identities[0].user_id',
      ],
      [{ email: 'e27@example.com', identities: [own('e27'), own('e27')] }, 'CONFLICT identities[1]'],
      [
        {
          email: 'e28@example.com',
          identities: [google('e28')],
          password_hash: '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K',
        },
        'NOT_PASSED password_hash',
      ],
    ];
    const listed = await importAndList(cases.map(([row]) => row));
    expect(listed).toEqual(cases.map(([, expected], index) => `${index + 1}: ${expected}`));
  });

  it('goes on behind a row that is not JSON, and names it', async () => {
    const lines = ['{"email":"l1@example.com"}', '{"email":', '', '{"email":"l3@example.com"}'].join('\n');
    const job = await runImport(server, lines, { connection_id });
    expect(job.summary).toMatchObject({ inserted: 2, failed: 1, total: 3 });
    expect(await errorsOf(job)).toMatchObject([{ row: 2, line: 2, errors: [{ code: 'FORMAT' }] }]);
  });

  it('stops where an array breaks, keeps what was before, and says where', async () => {
    const job = await runImport(
      server,
      '[{"email":"b1@example.com"},\n {"email":"b2@example.com"} {"email":"b3@example.com"}]',
      { connection_id },
    );
    expect(job).toMatchObject({ status: 'failed', summary: { inserted: 2, total: 2 } });
    expect(job.status_details).toContain('Row 3, line 2');
    expect(await findByEmail('b2@example.com')).toBeDefined();
    expect(await findByEmail('b3@example.com')).toBeUndefined();
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
    expect((await findByEmail('q1@example.com')).name).toBe('One, "1"');
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
    expect(await errorsOf(job)).toMatchObject([{ row: 3, line: 5, errors: [{ code: 'FORMAT' }] }]);
    expect((await findByEmail('i1@example.com')).name).toBe('5" pipe');
    expect((await findByEmail('i2@example.com')).name).toBe('a"b\nc');
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
    expect(await findByEmail('cells@example.com')).toMatchObject({
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

  it('takes a row of 10 MB, and refuses one beyond the limit alone', async () => {
    const rows = [
      { email: 'large@example.com', user_metadata: { text: 'x'.repeat(900_000) } },
      { email: 'larger@example.com', user_metadata: { text: 'x'.repeat(10_000_000) } },
      { email: 'small@example.com' },
      { email: 'largest@example.com', user_metadata: { text: 'x'.repeat(17_000_000) } },
      { email: 'last@example.com' },
    ];
    expect(await importAndList(rows)).toEqual(['2: PROFILE_SIZE_EXCEEDED', '4: FORMAT']);
    expect(await findByEmail('last@example.com')).toBeDefined();
  });

  it('gives a row that PostgreSQL alone refuses a fate of its own, and loses no other', async () => {
    await sql`ALTER TABLE users ADD CONSTRAINT no_poison CHECK (name <> 'poison')`.execute(server.database);
    const rows = Array.from({ length: 40 }, (_, index) => ({
      email: `poison${index}@example.com`,
      ...(index % 13 === 7 ? { name: 'poison' } : {}),
    }));
    const job = await runImport(server, rows, { connection_id });
    await sql`ALTER TABLE users DROP CONSTRAINT no_poison`.execute(server.database);
    expect(job).toMatchObject({ status: 'completed', summary: { inserted: 37, failed: 3, total: 40 } });
    const errors = await errorsOf(job);
    expect(errors.map(({ row }: { row: number }) => row)).toEqual([8, 21, 34]);
    expect(errors[0].errors[0].code).toBe('NOT_PASSED');
    expect(JSON.stringify(errors)).not.toMatch(/no_poison|constraint|relation/);
    const fates = (await download(server, job.report_location)).trim().split('\n');
    expect(fates.map((line) => JSON.parse(line).row)).toEqual(rows.map((_, index) => index + 1));
  });

  it.each([
    ['insert', {}],
    ['upsert', { upsert: 'true' }],
    ['dry run', { dry_run: 'true' }],
  ])('lets the first of the rows that claim one account have it: %s', async (name, fields) => {
    const mark = name.slice(0, 2);
    const rows = [
      { email: `${mark}1@example.com`, identities: [own(`${mark}1`), google(`${mark}g`)] },
      { email: `${mark}2@example.com`, identities: [own(`${mark}2`), google(`${mark}g`)] },
      { email: `${mark}3@example.com`, identities: [google(`${mark}g`)] },
      { email: `${mark}4@example.com`, identities: [own(`${mark}4`), own(`${mark}5`)] },
      { email: `${mark}5@example.com`, user_id: `${mark}5` },
      { email: `${mark}6@example.com`, identities: [own(`${mark}6`), google(`${mark}h`)] },
    ];
    expect(await importAndList(rows, fields)).toEqual([
      '2: DUPLICATED_USER identities[1]',
      '3: DUPLICATED_USER',
      '5: DUPLICATED_USER',
    ]);
  });

  it('puts a user where its first identity says', async () => {
    const row = { email: 'Social@Example.com', user_id: 'google-oauth2|77', identities: [google('77')] };
    expect(await importAndList([row])).toEqual([]);
    const { body } = await server.request('GET', '/users/google-oauth2|77');
    expect(body).toMatchObject({
      user_id: 'google-oauth2|77',
      email: 'Social@Example.com',
      identities: [{ ...google('77'), isSocial: true }],
    });
    expect(await importAndList([row])).toEqual(['1: DUPLICATED_USER']);
    const again = await runImport(server, [{ ...row, name: 'Changed' }], { connection_id, upsert: 'true' });
    expect(again.summary).toMatchObject({ updated: 1 });
    const linked = { email: 'links@example.com', identities: [own('links'), google('77')] };
    expect(await importAndList([linked])).toEqual(['1: CONFLICT identities[1]']);
  });

  it('takes null for absent, as other exports write it', async () => {
    const row = { email: 'null@example.com', name: null, phone_number: null, user_metadata: null };
    expect(await importAndList([row])).toEqual([]);
    expect(await findByEmail('null@example.com')).toMatchObject({ name: 'null@example.com' });
  });

  it('never writes to the log what a row held', async () => {
    const refused = sql`INSERT INTO users (user_id, created_at) VALUES ('auth0|secret', 'secret')`;
    const error = await refused.execute(server.database).catch((cause: Error) => cause);
    const taken = sql`INSERT INTO users (user_id) VALUES ('auth0|every-attribute')`;
    const second = await taken.execute(server.database).catch((cause: Error) => cause);
    const lines: string[] = [];
    const logger = pino({ serializers: { err: serializeError } }, { write: (line) => lines.push(line) });
    for (const err of [error, second]) logger.error({ err }, 'a job stopped');
    expect(lines.join('')).toContain('22007');
    expect(lines.join('')).toContain('users_pkey');
    expect(lines.join('')).not.toMatch(/secret|every-attribute/);
  });

  it('keeps Unicode as it was sent', async () => {
    const metadata = {
      ключ: '値',
      rtl: 'مرحبا',
      combined: 'e\u0301',
      astral: '𝒳👩‍👩‍👧',
      tab: 'a\tb\\n\r\n"',
    };
    await runImport(server, [{ email: 'unicode@example.com', user_metadata: metadata }], { connection_id });
    expect((await findByEmail('unicode@example.com')).user_metadata).toEqual(metadata);
  });

  it('inserts the first of two rows for one person, and never updates by the second', async () => {
    const rows = [
      { email: 'twice@example.com', name: 'First' },
      { email: 'TWICE@example.com', name: 'Second' },
    ];
    expect(await importAndList(rows, { upsert: 'true' })).toEqual(['2: DUPLICATED_USER']);
    expect((await findByEmail('twice@example.com')).name).toBe('First');
  });

  it('shows what failed without its secrets', async () => {
    const hash = '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K';
    const row = {
      email: 'twice@example.com',
      password_hash: hash,
      mfa_factors: [{ totp: { secret: 'SECRETSECRET' } }],
    };
    const job = await runImport(server, [row], { connection_id });
    const [error] = await errorsOf(job);
    expect(error).toMatchObject({
      user: { email: 'twice@example.com', password_hash: '*****', mfa_factors: '*****' },
    });
    const report = await download(server, job.report_location);
    expect(JSON.stringify(error) + report).not.toMatch(/nFguVi9|SECRETSECRET/);
  });

  it('reports the fate of every row', async () => {
    const rows = [{ email: 'fate1@example.com' }, { email: 'bad' }, { email: 'fate2@example.com' }];
    const job = await runImport(server, rows, { connection_id });
    const fates = (await download(server, job.report_location))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(fates.map(({ row, fate }) => `${row} ${fate}`)).toEqual(['1 inserted', '2 failed', '3 inserted']);
    expect(fates[0].user_id).toMatch(/^auth0\|[0-9a-f]{24}$/);
  });

  it('leaves one event of the log for a batch, not a million', async () => {
    const before = await server.request('GET', '/logs', { query: { include_totals: true, per_page: 1 } });
    const rows = Array.from({ length: 500 }, (_, index) => ({ email: `logged${index}@example.com` }));
    const job = await runImport(server, rows, { connection_id });
    const after = await server.request('GET', '/logs', {
      query: { include_totals: true, per_page: 1, sort: 'date:-1' },
    });
    expect(after.body.total - before.body.total).toBeLessThanOrEqual(3);
    const { body } = await server.request('GET', '/logs', { query: { per_page: 5, sort: 'date:-1' } });
    expect(JSON.stringify(body)).toContain(job.id);
  });
});

describe('an upsert', () => {
  const fields = { upsert: 'true' };

  it('updates what may be updated, replaces metadata, and leaves what is the same alone', async () => {
    const user = {
      email: 'upsert@example.com',
      user_id: 'upserted',
      name: 'Before',
      user_metadata: { a: 1, b: 2 },
      app_metadata: { plan: 'free' },
    };
    await runImport(server, [user], { connection_id });
    const changed = { email: 'upsert@example.com', name: 'After', user_metadata: { b: 3 }, blocked: true };
    const job = await runImport(server, [changed], { connection_id, ...fields });
    expect(job.summary).toMatchObject({ updated: 1, inserted: 0 });
    const found = await findByEmail('upsert@example.com');
    expect(found).toMatchObject({
      user_id: 'auth0|upserted',
      name: 'After',
      user_metadata: { b: 3 },
      app_metadata: { plan: 'free' },
    });
    expect(found).not.toHaveProperty('blocked');
    expect(await download(server, job.report_location)).toContain('"ignored":["blocked"]');
    const again = await runImport(
      server,
      [{ email: 'upsert@example.com', name: 'After', user_metadata: { b: 3 } }],
      { connection_id, ...fields },
    );
    expect(again.summary).toMatchObject({ unchanged: 1, updated: 0 });
    expect((await findByEmail('upsert@example.com')).updated_at).toBe(found.updated_at);
    const { body } = await server.request('GET', '/users', {
      query: { q: 'name:"After" AND user_metadata.b:3' },
    });
    expect(body).toHaveLength(1);
  });

  it('takes nothing of what an administrator signs in by', async () => {
    const user = { email: 'boss@example.com', user_id: 'boss', email_verified: true };
    await runImport(server, [user], { connection_id });
    await server.request('PUT', '/administrators/auth0%7Cboss', { body: { role: 'auditor' } });
    const row = {
      email: user.email,
      email_verified: false,
      name: 'The Boss',
      custom_password_hash: {
        algorithm: 'sha256',
        hash: { value: '5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8', encoding: 'hex' },
      },
    };
    const job = await runImport(server, [row], { connection_id, ...fields });
    expect(job.summary).toMatchObject({ updated: 1 });
    expect(await findByEmail(user.email)).toMatchObject({ name: 'The Boss', email_verified: true });
    expect(await download(server, job.report_location)).toContain(
      '"ignored":["email_verified","custom_password_hash"]',
    );
    await server.request('DELETE', '/administrators/auth0%7Cboss');
  });

  it('merges metadata when it is asked to', async () => {
    await runImport(server, [{ email: 'merge@example.com', user_metadata: { a: 1, b: { c: 1, d: 2 } } }], {
      connection_id,
    });
    await runImport(server, [{ email: 'merge@example.com', user_metadata: { b: { c: 2 }, e: 3 } }], {
      connection_id,
      ...fields,
      merge_metadata: 'true',
    });
    expect((await findByEmail('merge@example.com')).user_metadata).toEqual({ a: 1, b: { c: 2 }, e: 3 });
  });

  it('without upsert, refuses who is there', async () => {
    const job = await runImport(server, [{ email: 'merge@example.com' }], { connection_id });
    expect(await errorsOf(job)).toMatchObject([
      {
        errors: [
          { code: 'DUPLICATED_USER', message: 'The user already exist and upsert parameter is false' },
        ],
      },
    ]);
  });

  it('matches by address alone: an id or phone number of somebody else is a conflict', async () => {
    await runImport(server, [{ email: 'owner@example.com', user_id: 'owned', phone_number: '+15550001' }], {
      connection_id,
    });
    const rows = [
      { email: 'other1@example.com', user_id: 'owned' },
      { email: 'other2@example.com', phone_number: '+15550001' },
    ];
    expect(await importAndList(rows, fields)).toEqual(['1: CONFLICT user_id', '2: CONFLICT phone_number']);
  });

  it('names what is taken: a username, the address of an identity that is linked, or any of the identifiers', async () => {
    const { body } = await server.request('POST', '/connections', {
      body: {
        name: 'flexible',
        strategy: 'auth0',
        enabled_clients: [server.config.managementClient.id],
        options: {
          attributes: {
            email: { identifier: { active: true }, profile_required: false },
            username: { identifier: { active: true } },
          },
        },
      },
    });
    const flexible = { connection_id: body.id, upsert: 'true' };
    const linked = { connection: 'flexible', provider: 'auth0', user_id: 'second' };
    const profileData = { email: 'linked@example.com', email_verified: true };
    const first = { ...linked, user_id: 'first' };
    await runImport(
      server,
      [{ username: 'taken', identities: [first, { ...linked, profileData }] }],
      flexible,
    );
    const rows = [
      { username: 'taken', email: 'new@example.com' },
      { email: 'linked@example.com' },
      { given_name: 'Nobody' },
    ];
    expect(await importAndList(rows, flexible)).toEqual([
      '1: CONFLICT_USERNAME username',
      '2: CONFLICT_EMAIL email',
      '3: ANY_OF_MISSING',
    ]);
  });

  it('counts updated verification only when it is said', async () => {
    await runImport(server, [{ email: 'verified@example.com', email_verified: true }], { connection_id });
    await runImport(server, [{ email: 'verified@example.com', name: 'Known' }], { connection_id, ...fields });
    expect(await findByEmail('verified@example.com')).toMatchObject({ name: 'Known' });
  });
});

describe('a dry run', () => {
  it('tells the fate of every row and writes nothing', async () => {
    await runImport(server, [{ email: 'dry@example.com', name: 'Wet' }], { connection_id });
    const rows = [
      { email: 'dry@example.com', name: 'Dry' },
      { email: 'drier@example.com' },
      { email: 'bad' },
      { email: 'drier@example.com' },
    ];
    const job = await runImport(server, rows, { connection_id, upsert: 'true', dry_run: 'true' });
    expect(job).toMatchObject({ dry_run: true, summary: { updated: 1, inserted: 1, failed: 2, total: 4 } });
    expect((await findByEmail('dry@example.com')).name).toBe('Wet');
    expect(await findByEmail('drier@example.com')).toBeUndefined();
    expect(await errorsOf(job)).toMatchObject([
      { row: 3 },
      { row: 4, errors: [{ code: 'DUPLICATED_USER' }] },
    ]);
  });
});

describe('the request of an import', () => {
  const one = '[{"email":"request@example.com"}]';
  it.each([
    ['no file', undefined, {}, "Must provide 'users' file as multipart part."],
    ['an empty file', '', {}, 'Users file must not be empty.'],
    ['no connection', one, { connection_id: undefined }, "Must provide 'connection_id' as multipart part."],
    ['no id of a connection', one, { connection_id: 'x' }, 'on property connection_id'],
    [
      'an unknown connection',
      one,
      { connection_id: 'con_0000000000000000' },
      'The connection does not exist.',
    ],
    ['a word as flag', one, { upsert: 'maybe' }, 'on property upsert'],
    ['an unknown part', one, { upsrt: 'true' }, 'Additional properties not allowed: upsrt'],
    ['an unknown upload', undefined, { upload_id: '4711' }, 'There is no such upload'],
    ['a file and an upload', one, { upload_id: '1' }, 'not both'],
  ])('is refused with %s', async (_name, file, fields, message) => {
    const answer = await sendImport(server, file, { connection_id, ...fields });
    expect(answer.status).toBe(message.includes('no such upload') ? 404 : 400);
    expect(answer.body.message).toContain(message);
  });

  it('is refused before the file is taken in, where a field before it is wrong', async () => {
    const form = new FormData();
    form.set('connection_id', 'con_0000000000000000');
    form.set('users', new Blob(['x'.repeat(3_000_000)]), 'users.json');
    const request = new Request('http://form.test', { method: 'POST', body: form });
    const whole = Buffer.from(await request.arrayBuffer());
    const listening = await server.app.server.listen({ port: 0, host: '127.0.0.1' });
    const sending = new PassThrough();
    sending.write(whole.subarray(0, 100_000));
    const answer = await fetch(`${listening}/api/v2/jobs/users-imports`, {
      method: 'POST',
      headers: {
        host: new URL(server.config.publicUrl).host,
        authorization: `Bearer ${await server.getToken()}`,
        'content-type': request.headers.get('content-type') ?? '',
      },
      body: Readable.toWeb(sending),
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('The connection does not exist.');
    sending.destroy();
    const { rows } = await sql`SELECT FROM job_files WHERE NOT is_complete`.execute(server.database);
    expect(rows).toEqual([]);
  });

  it('is refused for a connection that is no database, or that no application uses', async () => {
    const create = (name: string, strategy: string, enabled_clients: string[]) =>
      server.request('POST', '/connections', { body: { name, strategy, enabled_clients } });
    const client = server.config.managementClient.id ?? '';
    const mail = await create('import-mail', 'email', [client]);
    const unused = await create('import-unused', 'auth0', []);
    expect((await sendImport(server, one, { connection_id: mail.body.id })).body.message).toBe(
      'Connection must be a database connection.',
    );
    expect((await sendImport(server, one, { connection_id: unused.body.id })).body.message).toContain(
      'Connection must be enabled.',
    );
  });

  it('is refused when it is no form', async () => {
    const headers = { authorization: `Bearer ${await server.getToken()}` };
    const path = '/api/v2/jobs/users-imports';
    const json = await server.fetchRaw('POST', path, {
      payload: one,
      headers: { ...headers, 'content-type': 'application/json' },
    });
    expect(json.status).toBe(415);
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x']) {
      const answer = await server.fetchRaw('POST', path, {
        payload: 'nonsense',
        headers: { ...headers, 'content-type': type },
      });
      expect(answer.status, type).toBe(400);
    }
  });

  it('needs create:users', async () => {
    const token = await server.getToken(['read:users']);
    const answer = await server.fetchRaw('POST', '/api/v2/jobs/users-imports', {
      payload: 'x',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=x' },
    });
    expect(answer.status).toBe(403);
  });
});
