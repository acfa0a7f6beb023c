import { assignUserRoles, removeUserRoles } from '@muster/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type JobsFixture, readErrors, startJobsFixture } from '../../../test/support/jobs-fixture.ts';
import { download, runExport, runImport, sendImport, waitForJob } from '../../../test/support/test-jobs.ts';
import type { TestServer } from '../../../test/support/test-server.ts';

let one: JobsFixture;
let two: JobsFixture;
let roleIds: Record<string, string>;
beforeAll(async () => {
  one = await startJobsFixture();
  two = await startJobsFixture();
  roleIds = await createRoles(one.server);
  await createRoles(two.server);
});
afterAll(async () => {
  await one.close();
  await two.close();
});

const waiting = { timeout: 20_000, interval: 20 };

/** Names that a file could get wrong. */
const names = ['editor', 'Editor', 'reader', '42', '=1+1', 'with, comma and "quote"', 'größer'];

async function createRoles(server: TestServer): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const name of names) ids[name] = (await server.request('POST', '/roles', { body: { name } })).body.id;
  return ids;
}

const pathOf = (name: string) => `/users/${encodeURIComponent(`auth0|${name}`)}`;
const row = <Roles>(name: string, roles?: Roles, more: object = {}) => ({
  user_id: name,
  email: `${name}@example.com`,
  ...(roles === undefined ? {} : { roles }),
  ...more,
});

const run = (rows: unknown, fields: Record<string, string> = {}, { server, connection_id } = one) =>
  runImport(server, rows, { connection_id, ...fields });
const upsert = (rows: unknown, fields: Record<string, string> = {}) =>
  run(rows, { upsert: 'true', ...fields });

async function rolesOf(name: string, { server } = one): Promise<string[]> {
  const { body } = await server.request('GET', `${pathOf(name)}/roles`);
  return body.map((role: { name: string }) => role.name);
}

const errorsOf = async (job: { id: string }) => (await readErrors(one.server, job)) ?? [];

/** Number, code and path of each failed row. */
async function listFailed(job: { id: string }): Promise<string[]> {
  const failed: { row: number; errors: { code: string; path?: string }[] }[] = await errorsOf(job);
  return failed.map(({ row: number, errors }) =>
    [number, ...errors.map(({ code, path }) => `${code} ${path}`)].join(' '),
  );
}

/** Fates as the report has them, row by row. */
async function fatesOf(job: { report_location: string }): Promise<string[]> {
  const report = await download(one.server, job.report_location);
  return report
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).fate);
}

/** Whether what is searched by is what users have, as if every entry were written anew. */
async function assertSearchable({ server } = one): Promise<void> {
  const { rows } = await sql`
    SELECT user_id, role_ids, has FROM user_search,
      LATERAL (SELECT array_agg(role_id ORDER BY role_id) AS has FROM user_roles WHERE user_roles.user_id = user_search.user_id) AS roles
    WHERE role_ids IS DISTINCT FROM has`.execute(server.database);
  expect(rows).toEqual([]);
}

async function find(q: string): Promise<string[]> {
  const { body } = await one.server.request('GET', '/users', {
    query: { q, sort: 'email:1', per_page: 100 },
  });
  return body.map(({ email }: { email: string }) => email.split('@')[0]);
}

/** Imports as somebody who has these scopes. */
async function runWith(scopes: readonly string[], rows: unknown, fields: Record<string, string> = {}) {
  const { server, connection_id } = one;
  const restricted = { ...server, getToken: () => server.getToken(scopes) };
  const form = { connection_id, upsert: 'true', ...fields };
  const { body } = await sendImport(restricted, JSON.stringify(rows), form);
  return waitForJob(server, body.id);
}

describe('an import of rows with roles', () => {
  it('gives new users theirs, by exact name, and finds them by these at once', async () => {
    const job = await run([
      row('new1', ['editor', 'reader']),
      row('new2', ['Editor', 'Editor']),
      row('new3', []),
      row('new4', null),
      row('new5'),
    ]);
    expect(job.summary).toMatchObject({ inserted: 5, failed: 0 });
    expect(await rolesOf('new1')).toEqual(['editor', 'reader']);
    expect(await rolesOf('new2')).toEqual(['Editor']);
    for (const name of ['new3', 'new4', 'new5']) expect(await rolesOf(name)).toEqual([]);
    expect(await find('role:reader AND email:new*')).toEqual(['new1']);
    expect(await find(`role_id:${roleIds['Editor']}`)).toEqual(['new2']);
    expect(await find('email:new* AND NOT _exists_:role')).toEqual(['new3', 'new4', 'new5']);
    await assertSearchable();
  });

  it('makes those of the row the roles of who is there, and leaves them where the row has none', async () => {
    await run([
      row('old1', ['editor']),
      row('old2', ['editor', 'reader']),
      row('old3', ['reader']),
      row('old4', ['reader']),
      row('old5', ['reader'], { given_name: 'Old' }),
    ]);
    const job = await upsert([
      row('old1', ['reader', 'editor']),
      row('old2', ['reader', 'editor']),
      row('old3', []),
      row('old4', undefined, { given_name: 'New' }),
      row('old5', ['42'], { given_name: 'New' }),
    ]);
    expect(job.summary).toMatchObject({ updated: 4, unchanged: 1, failed: 0 });
    expect(await fatesOf(job)).toEqual(['updated', 'unchanged', 'updated', 'updated', 'updated']);
    expect(await rolesOf('old1')).toEqual(['editor', 'reader']);
    expect(await rolesOf('old3')).toEqual([]);
    expect(await rolesOf('old4')).toEqual(['reader']);
    expect(await rolesOf('old5')).toEqual(['42']);
    expect(await find('email:old* AND role:reader')).toEqual(['old1', 'old2', 'old4']);
    expect(await find('email:old* AND given_name:New AND role:42')).toEqual(['old5']);
    await assertSearchable();
  });

  it('leaves the record of whom only roles are changed, and tells of it in their history', async () => {
    await run([row('record', ['editor', 'reader'])]);
    const { server } = one;
    const before = await server.request('GET', pathOf('record'));
    const history = async () =>
      (await server.request('GET', `${pathOf('record')}/logs`, { query: { sort: 'date:-1' } })).body.filter(
        ({ type }: { type: string }) => type === 'sapi',
      );
    expect(await history()).toEqual([]);
    const given = await upsert([row('record', ['editor', '=1+1'])]);
    const after = await server.request('GET', pathOf('record'));
    expect(after.body).toEqual(before.body);
    expect(after.headers['etag']).toBe(before.headers['etag']);
    await upsert([row('record', [])]);
    expect(await history()).toMatchObject([
      {
        description: removeUserRoles.summary,
        details: { changes: { roles: { before: ['=1+1', 'editor'], after: [] } } },
      },
      {
        description: assignUserRoles.summary,
        user_name: 'record@example.com',
        client_id: expect.any(String),
        details: {
          job_id: given.id,
          changes: { roles: { before: ['editor', 'reader'], after: ['=1+1', 'editor'] } },
        },
      },
    ]);
  });

  it('fails rows whose roles there are not, and says which', async () => {
    const many = Array.from({ length: 1001 }, () => 'editor');
    const job = await run([
      row('bad1', ['editor', 'EDITOR']),
      row('bad2', ['editor ']),
      row('bad3', 'editor'),
      row('bad4', [7]),
      row('bad5', ['']),
      row('bad6', ['x'.repeat(256)]),
      row('bad7', many),
      row('good', many.slice(1)),
    ]);
    expect(await listFailed(job)).toEqual([
      '1 ROLE_NOT_FOUND roles[1]',
      '2 ROLE_NOT_FOUND roles[0]',
      '3 INVALID_TYPE roles',
      '4 INVALID_TYPE roles[0]',
      '5 MIN_LENGTH roles[0]',
      '6 MAX_LENGTH roles[0]',
      '7 ARRAY_LENGTH_LONG roles',
    ]);
    expect((await errorsOf(job))[0].errors[0].message).toBe('There is no role of this name.');
    expect(await rolesOf('good')).toEqual(['editor']);
    expect(await find('email:bad*')).toEqual([]);
  });

  it('tells the fate of every row when it is tried, and writes nothing', async () => {
    await run([row('dry1', ['editor']), row('dry2', ['editor']), row('dry3')]);
    const rows = [
      row('dry1', ['editor']),
      row('dry2', ['reader']),
      row('dry3', ['editor']),
      row('dry4', ['editor']),
      row('dry5', ['nobody']),
    ];
    const fates = ['unchanged', 'updated', 'updated', 'inserted', 'failed'];
    const tried = await upsert(rows, { dry_run: 'true' });
    expect(await fatesOf(tried)).toEqual(fates);
    expect(await find('email:dry* AND role:editor')).toEqual(['dry1', 'dry2']);
    expect(await find('email:dry4*')).toEqual([]);
    expect(await fatesOf(await upsert(rows))).toEqual(fates);
    expect(await find('email:dry* AND role:editor')).toEqual(['dry1', 'dry3', 'dry4']);
    await assertSearchable();
  });

  it.each(['update:users', 'create:role_members'])('needs a scope that gives roles: %s', async (scope) => {
    const name = scope.replace(/\W/g, '');
    const rows = [row(name, ['editor']), row(`${name}2`, []), row(`${name}3`)];
    for (const dry_run of ['true', 'false']) {
      const refused = await runWith(['create:users'], rows, { dry_run });
      expect(refused.summary).toMatchObject({ failed: 2 });
      expect((await errorsOf(refused))[0].errors).toEqual([
        {
          code: 'NOT_PASSED',
          message:
            'A row with roles needs the scope update:users or create:role_members; whoever started the import had neither.',
          path: 'roles',
        },
      ]);
    }
    expect(await find(`email:${name}*`)).toEqual([`${name}3`]);
    expect((await runWith(['create:users', scope], rows)).summary).toMatchObject({
      inserted: 2,
      unchanged: 1,
    });
    expect(await rolesOf(name)).toEqual(['editor']);
  });

  it('takes roles from nobody for whoever may only give them', async () => {
    await run([row('kept', ['editor']), row('more', ['editor'])]);
    const rows = [row('kept', ['reader'], { given_name: 'Kept' }), row('more', ['editor', 'reader'])];
    for (const dry_run of ['true', 'false']) {
      const job = await runWith(['create:users', 'create:role_members'], rows, { dry_run });
      expect(job.summary).toMatchObject({ failed: 1, updated: 1 });
      expect((await errorsOf(job))[0].errors).toEqual([
        {
          code: 'NOT_PASSED',
          message:
            'The row takes roles from the user, which needs the scope update:users or delete:role_members; whoever started the import had neither.',
          path: 'roles',
        },
      ]);
    }
    expect(await rolesOf('kept')).toEqual(['editor']);
    expect((await one.server.request('GET', pathOf('kept'))).body).not.toHaveProperty('given_name');
    expect(await rolesOf('more')).toEqual(['editor', 'reader']);
    const may = await runWith(['create:users', 'create:role_members', 'delete:role_members'], rows);
    expect(may.summary).toMatchObject({ updated: 1, unchanged: 1 });
    expect(await rolesOf('kept')).toEqual(['reader']);
  });

  it('gives administrators roles of applications, as the call does, and changes nothing that they sign in by', async () => {
    await run([row('boss', ['editor'])]);
    await one.server.request('PUT', `/administrators/${encodeURIComponent('auth0|boss')}`, {
      body: { role: 'owner' },
    });
    const job = await upsert([row('boss', ['reader'], { email_verified: true })]);
    const [fate] = (await download(one.server, job.report_location)).trim().split('\n');
    expect(JSON.parse(fate ?? '')).toMatchObject({ fate: 'updated', ignored: ['email_verified'] });
    expect(await rolesOf('boss')).toEqual(['reader']);
    expect((await one.server.request('GET', pathOf('boss'))).body.email_verified).not.toBe(true);
  });

  it('asks nothing about roles where no row has any', async () => {
    await run([row('plain1')]);
    // What looked at them would wait until the end of the test.
    await one.server.database.transaction().execute(async (transaction) => {
      await sql`LOCK TABLE roles, user_roles IN ACCESS EXCLUSIVE MODE`.execute(transaction);
      const job = await upsert([row('plain1'), row('plain2'), row('plain3', [])]);
      expect(job.summary).toMatchObject({ inserted: 2, unchanged: 1 });
    });
  });

  it('fails those alone whose role is deleted while they are written', async () => {
    const { body: role } = await one.server.request('POST', '/roles', { body: { name: 'passing' } });
    await run([row('late1', ['editor'])]);
    const rows = [
      row('late1', ['editor', 'passing']),
      row('late2', ['passing']),
      row('late3', ['editor']),
      row('late4'),
    ];
    let started: { id: string } | undefined;
    await one.server.database.transaction().execute(async (transaction) => {
      // New users are copied behind this, when their roles were found.
      await sql`LOCK TABLE users IN SHARE MODE`.execute(transaction);
      const { server, connection_id } = one;
      const form = { connection_id, upsert: 'true' };
      started = (await sendImport(server, JSON.stringify(rows), form)).body;
      await vi.waitFor(async () => {
        const { rows: locks } = await sql`
          SELECT FROM pg_locks WHERE relation = 'users'::regclass AND NOT granted`.execute(server.database);
        expect(locks).toHaveLength(1);
      }, waiting);
      expect((await server.request('DELETE', `/roles/${role.id}`)).status).toBe(200);
    });
    const job = await waitForJob(one.server, started?.id ?? '');
    expect(job.summary).toMatchObject({ failed: 2, inserted: 2 });
    expect(await listFailed(job)).toEqual(['1 ROLE_NOT_FOUND roles[1]', '2 ROLE_NOT_FOUND roles[0]']);
    expect(await rolesOf('late1')).toEqual(['editor']);
    expect(await find('email:late* AND role:editor')).toEqual(['late1', 'late3']);
    await assertSearchable();
  });
});

describe('roles of an export', () => {
  const fields = ['user_id', 'email', 'given_name', 'created_at', 'updated_at', 'roles'].map((name) => ({
    name,
  }));
  const users = [
    row('trip1', names),
    row('trip2', ['42']),
    row('trip3', ['=1+1', 'with, comma and "quote"'], { given_name: "'t Hooft" }),
    row<string[]>('trip4'),
    row('trip5', ['größer', 'editor']),
  ];
  const q = 'email:trip*';

  it.each([
    ['json, one object a line', 'json', (text: string) => text],
    ['json, as an array', 'json', (text: string) => `[${text.trim().split('\n').join(',')}]`],
    ['csv', 'csv', (text: string) => text],
  ])('are imported as what they were: %s', async (_name, format, change) => {
    await upsert(users);
    const file = change(await runExport(one.server, { format, fields, q }));
    for (const { email } of users) await two.server.request('DELETE', pathOf(String(email.split('@')[0])));
    const job = await run(file, {}, two);
    expect(job.summary).toMatchObject({ inserted: 5, failed: 0 });
    const sorted = (text: string) => text.trim().split('\n').sort();
    const read = (server: TestServer) => runExport(server, { fields, q });
    expect(sorted(await read(two.server))).toEqual(sorted(await read(one.server)));
    await assertSearchable(two);
    // And where everybody is as the file says, nothing is to be done.
    for (const instance of [one, two]) {
      const again = await run(file, { upsert: 'true' }, instance);
      expect(again.summary).toMatchObject({ unchanged: 5, total: 5 });
    }
  });

  it('come back over what was changed since', async () => {
    await upsert(users);
    const file = await runExport(one.server, { fields, q });
    await upsert([row('trip1', []), row('trip2', ['editor', 'reader']), row('trip3', ['reader'])]);
    expect((await upsert(file)).summary).toMatchObject({ updated: 3, unchanged: 2 });
    for (const { email, roles = [] } of users)
      expect((await rolesOf(email.split('@')[0] ?? '')).sort()).toEqual([...roles].sort());
  });

  it('may be columns of their own, of which every cell is a name', async () => {
    const text =
      'email,user_id,roles[0],roles[1]\ncells1@example.com,cells1,42,editor\ncells2@example.com,cells2,reader,\n';
    expect((await run(text)).summary).toMatchObject({ inserted: 2 });
    expect(await rolesOf('cells1')).toEqual(['42', 'editor']);
    const file = await runExport(one.server, {
      format: 'csv',
      q: 'email:cells*',
      fields: ['email', 'roles[0]', 'roles[1]'].map((name) => ({ name })),
    });
    expect((await upsert(file)).summary).toMatchObject({ unchanged: 2 });
  });
});
