import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findByEmail,
  importAndList,
  type JobsFixture,
  readErrors,
  startJobsFixture,
} from '../../../test/support/jobs-fixture.ts';
import { download, runImport } from '../../../test/support/test-jobs.ts';
import type { TestServer } from '../../../test/support/test-server.ts';
import { serializeError } from '../../platform/telemetry/serialize-error.ts';

let fixture: JobsFixture;
let server: TestServer;
let connection_id: string;
beforeAll(async () => {
  fixture = await startJobsFixture({ MUSTER_IMPORT_LIMIT: String(200 * 1024 * 1024) });
  ({ server, connection_id } = fixture);
  await server.request('POST', '/connections', { body: { name: 'google', strategy: 'google-oauth2' } });
});
afterAll(() => fixture.close());

const own = (user_id: string) => ({
  connection: 'Username-Password-Authentication',
  provider: 'auth0',
  user_id,
});
const google = (user_id: string) => ({ connection: 'google', provider: 'google-oauth2', user_id });

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
    const listed = await importAndList(
      fixture,
      cases.map(([row]) => row),
    );
    expect(listed).toEqual(cases.map(([, expected], index) => `${index + 1}: ${expected}`));
  });

  it('takes a row of 10 MB, and refuses one beyond the limit alone', async () => {
    const rows = [
      { email: 'large@example.com', user_metadata: { text: 'x'.repeat(900_000) } },
      { email: 'larger@example.com', user_metadata: { text: 'x'.repeat(10_000_000) } },
      { email: 'small@example.com' },
      { email: 'largest@example.com', user_metadata: { text: 'x'.repeat(17_000_000) } },
      { email: 'last@example.com' },
    ];
    expect(await importAndList(fixture, rows)).toEqual(['2: PROFILE_SIZE_EXCEEDED', '4: FORMAT']);
    expect(await findByEmail(server, 'last@example.com')).toBeDefined();
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
    const errors = await readErrors(server, job);
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
    expect(await importAndList(fixture, rows, fields)).toEqual([
      '2: DUPLICATED_USER identities[1]',
      '3: DUPLICATED_USER',
      '5: DUPLICATED_USER',
    ]);
  });

  it('puts a user where its first identity says', async () => {
    const row = { email: 'Social@Example.com', user_id: 'google-oauth2|77', identities: [google('77')] };
    expect(await importAndList(fixture, [row])).toEqual([]);
    const { body } = await server.request('GET', '/users/google-oauth2|77');
    expect(body).toMatchObject({
      user_id: 'google-oauth2|77',
      email: 'Social@Example.com',
      identities: [{ ...google('77'), isSocial: true }],
    });
    expect(await importAndList(fixture, [row])).toEqual(['1: DUPLICATED_USER']);
    const again = await runImport(server, [{ ...row, name: 'Changed' }], { connection_id, upsert: 'true' });
    expect(again.summary).toMatchObject({ updated: 1 });
    const linked = { email: 'links@example.com', identities: [own('links'), google('77')] };
    expect(await importAndList(fixture, [linked])).toEqual(['1: CONFLICT identities[1]']);
  });

  it('takes null for absent, as other exports write it', async () => {
    const row = { email: 'null@example.com', name: null, phone_number: null, user_metadata: null };
    expect(await importAndList(fixture, [row])).toEqual([]);
    expect(await findByEmail(server, 'null@example.com')).toMatchObject({ name: 'null@example.com' });
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
    expect((await findByEmail(server, 'unicode@example.com')).user_metadata).toEqual(metadata);
  });

  it('inserts the first of two rows for one person, and never updates by the second', async () => {
    const rows = [
      { email: 'twice@example.com', name: 'First' },
      { email: 'TWICE@example.com', name: 'Second' },
    ];
    expect(await importAndList(fixture, rows, { upsert: 'true' })).toEqual(['2: DUPLICATED_USER']);
    expect((await findByEmail(server, 'twice@example.com')).name).toBe('First');
  });

  it('shows what failed without its secrets', async () => {
    const hash = '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K';
    const row = {
      email: 'twice@example.com',
      password_hash: hash,
      mfa_factors: [{ totp: { secret: 'SECRETSECRET' } }],
    };
    const job = await runImport(server, [row], { connection_id });
    const [error] = await readErrors(server, job);
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
