import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { download, runImport, sendImport, startTestJobs } from '../../../test/support/test-jobs.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import type { JobRunner } from '../../platform/jobs/index.ts';

let server: TestServer;
let jobs: JobRunner;
let connection_id: string;
beforeAll(async () => {
  server = await startTestServer({ MUSTER_IMPORT_LIMIT: String(200 * 1024 * 1024) });
  jobs = startTestJobs(server);
  const query = { name: 'Username-Password-Authentication' };
  const { body } = await server.request('GET', '/connections', { query });
  connection_id = body[0].id;
});
afterAll(async () => {
  await jobs.stop();
  await server.close();
});

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

  it('refuses a broken gzip file', async () => {
    const whole = gzipSync(
      Array.from({ length: 100 }, (_, index) => `{"email":"z${index}@example.com"}\n`).join(''),
    );
    const job = await runImport(server, whole.subarray(0, -20), { connection_id });
    expect(job.status).toBe('failed');
    expect(job.status_details).toContain('gzip');
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
