import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JobsFixture, startJobsFixture } from '../../../test/support/jobs-fixture.ts';
import { testSecretKey } from '../../../test/support/test-config.ts';
import { runExport, runImport, waitForJob } from '../../../test/support/test-jobs.ts';
import { createFileLink } from '../../jobs/file-links.ts';
import { readCopyRows } from '../../platform/database/copy-rows.ts';
import { createSecretBox } from '../../platform/secrets/secret-box.ts';
import { toInstantText } from '../instant-text.ts';
import { parseFieldPath, readAtPath, writeAtPath } from './field-path.ts';

let from: JobsFixture;
let to: JobsFixture;
beforeAll(async () => {
  from = await startInstance();
  to = await startInstance();
});
afterAll(async () => {
  await from.close();
  await to.close();
});

async function startInstance(): Promise<JobsFixture> {
  const fixture = await startJobsFixture();
  const { server, connection_id } = fixture;
  const path = `/connections/${connection_id}`;
  const { options } = (await server.request('GET', path)).body;
  await server.request('PATCH', path, {
    body: {
      options: { ...options, requires_username: true, validation: { username: { min: 1, max: 128 } } },
    },
  });
  const enabled_clients = [server.config.managementClient.id];
  await server.request('POST', '/connections', {
    body: { name: 'google-oauth2', strategy: 'google-oauth2', enabled_clients },
  });
  return fixture;
}

/** Everything that an import takes. */
const everything = [
  'user_id',
  'email',
  'email_verified',
  'username',
  'phone_number',
  'phone_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'picture',
  'blocked',
  'user_metadata',
  'app_metadata',
  'last_login',
  'last_ip',
  'logins_count',
  'last_password_reset',
  'created_at',
  'updated_at',
  'identities',
].map((name) => ({ name }));

async function listAll({ server }: JobsFixture) {
  const { body } = await server.request('GET', '/users', { query: { per_page: 100, sort: 'user_id:1' } });
  return body.filter(({ email }: { email?: string }) => email !== 'admin@example.com');
}

/** What no answer shows: what accounts are known by. */
async function listPrivate({ server }: JobsFixture) {
  const { rows } = await sql`
    SELECT user_id, position, is_social, email_identifier, username_identifier, phone_identifier FROM identities
    WHERE email_identifier IS DISTINCT FROM 'admin@example.com' ORDER BY user_id, position`.execute(
    server.database,
  );
  return rows;
}

async function removeAll({ server }: JobsFixture) {
  for (const { user_id } of await listAll({ server } as JobsFixture))
    await server.request('DELETE', `/users/${encodeURIComponent(user_id)}`);
}

const full = {
  user_id: 'full',
  email: 'full@example.com',
  email_verified: true,
  username: 'full',
  phone_number: '+15550100',
  phone_verified: true,
  name: 'Full "Quote" O\'Neill',
  given_name: 'Füll',
  family_name: '=1+1',
  nickname: '@nick',
  picture: 'https://example.com/p.png?a=1,2',
  blocked: true,
  user_metadata: {
    text: '=cmd|x',
    number: 1.5,
    flag: false,
    nothing: { list: [1, [2], { a: null }] },
    ключ: '値\n"x"',
  },
  app_metadata: { roles: ['a', 'b'], 'with space': "it's" },
  last_login: '2024-02-29T23:59:59.999Z',
  last_ip: '2001:db8::1',
  logins_count: 42,
  last_password_reset: '2023-01-01T00:00:00.000Z',
  created_at: '2001-02-03T04:05:06.007Z',
  updated_at: '2024-03-01T00:00:00.000Z',
  custom_password_hash: {
    algorithm: 'sha256',
    hash: { value: 'ab'.repeat(32), encoding: 'hex' },
    salt: { value: 's', position: 'suffix' },
  },
  mfa_factors: [
    { totp: { secret: 'JBSWY3DPEHPK3PXP' } },
    { phone: { value: '+15550100' } },
    { email: { value: 'second@example.com' } },
  ],
  identities: [
    {
      connection: 'Username-Password-Authentication',
      provider: 'auth0',
      user_id: 'full',
      isSocial: false,
      profileData: {
        email: 'full@example.com',
        email_verified: true,
        username: 'full',
        phone_number: '+15550100',
        phone_verified: true,
      },
    },
    {
      connection: 'google-oauth2',
      provider: 'google-oauth2',
      user_id: '10769150350006150715113082367',
      isSocial: true,
      profileData: { email: 'f@gmail.example', name: 'F', locale: 'de', list: [1] },
    },
  ],
};
const others = [
  { user_id: 'bare', email: 'bare@example.com', username: 'bare' },
  { user_id: 'empty', email: 'empty@example.com', username: 'empty', user_metadata: {}, app_metadata: {} },
  {
    user_id: 'bcrypt',
    email: 'bcrypt@example.com',
    username: 'bcrypt',
    email_verified: false,
    blocked: false,
    password_hash: '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K',
  },
];

const google = (user_id: string, profileData: Record<string, unknown>) => ({
  connection: 'google-oauth2',
  provider: 'google-oauth2',
  user_id,
  isSocial: true,
  profileData,
});
const socials = [
  {
    email: 'Social@Example.com',
    name: 'Social',
    identities: [google('123', { email: 'Social@Example.com' })],
  },
  {
    email: 'both@gmail.example',
    identities: [
      google('456', { email: 'both@gmail.example', locale: 'de' }),
      {
        connection: 'Username-Password-Authentication',
        provider: 'auth0',
        user_id: 'linked',
        isSocial: false,
        profileData: { email: 'linked@example.com', email_verified: true, username: 'linked' },
      },
    ],
  },
];

describe('an export', () => {
  beforeAll(async () => {
    const rows = [full, ...others, ...socials];
    const job = await runImport(from.server, rows, { connection_id: from.connection_id });
    expect(job.summary).toMatchObject({ inserted: 6, failed: 0 });
    const own = await from.server.request('POST', '/users', {
      body: {
        connection: 'Username-Password-Authentication',
        user_id: 'own',
        email: 'own@example.com',
        username: 'own',
        password: 'Correct-horse-9',
      },
    });
    expect(own.status).toBe(201);
  });

  it.each([
    ['json', (text: string) => text],
    ['json, as an array', (text: string) => `[${text.trim().split('\n').join(',')}]`],
    ['csv', (text: string) => text],
  ])('is imported as what it was: %s', async (format, change) => {
    await removeAll(to);
    const text = await runExport(from.server, {
      format: format.slice(0, 4).replace(',', '').trim(),
      fields: everything,
      include_password_hashes: true,
      q: 'NOT email:admin@example.com',
    });
    expect(text).toContain('JBSWY3DPEHPK3PXP');
    const job = await runImport(to.server, change(text), { connection_id: to.connection_id });
    expect(
      job,
      JSON.stringify((await to.server.request('GET', `/jobs/${job.id}/errors`)).body),
    ).toMatchObject({ status: 'completed', summary: { inserted: 7, failed: 0 } });
    expect(await listAll(to)).toEqual(await listAll(from));
    expect(await listPrivate(to)).toEqual(await listPrivate(from));
    const again = await runExport(to.server, {
      format: 'json',
      fields: everything,
      include_password_hashes: true,
      q: 'NOT email:admin@example.com',
    });
    const original = await runExport(from.server, {
      format: 'json',
      fields: everything,
      include_password_hashes: true,
      q: 'NOT email:admin@example.com',
    });
    const sorted = (lines: string) =>
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .sort((a, b) => (a.user_id < b.user_id ? -1 : 1));
    expect(sorted(again)).toEqual(sorted(original));
    expect(again).toMatch(
      /"password_hash".*"custom_password_hash"|"custom_password_hash"[\s\S]*"password_hash"/,
    );
  });

  it('has the documented fields unless others are asked for', async () => {
    const [line = ''] = (await runExport(from.server, { limit: 1, q: 'user_id:"auth0|full"' })).split('\n');
    expect(Object.keys(JSON.parse(line))).toEqual([
      'user_id',
      'given_name',
      'family_name',
      'nickname',
      'name',
      'email',
      'email_verified',
      'picture',
      'identities',
      'created_at',
      'updated_at',
      'phone_number',
      'phone_verified',
      'username',
    ]);
    expect(JSON.parse(line).identities).toEqual([{ connection: 'Username-Password-Authentication' }]);
    expect(line).not.toContain('hash');
  });

  it('names columns as asked, reads any depth, and keeps formulas out of spreadsheets', async () => {
    const fields = [
      { name: 'user_metadata.text', export_as: 'Text, free' },
      { name: 'user_metadata.number' },
      { name: 'user_metadata.nothing.list[2]' },
      { name: 'identities[1].connection', export_as: 'social' },
      { name: 'app_metadata["with space"]' },
      { name: 'family_name', export_as: '=evil()' },
      { name: 'created_at' },
      { name: 'missing.field' },
    ];
    const q = 'user_id:"auth0|full"';
    expect(await runExport(from.server, { format: 'csv', fields, q })).toBe(
      `"'Text, free",user_metadata.number,user_metadata.nothing.list[2],social,"'app_metadata[""with space""]","'=evil()",created_at,missing.field\r\n` +
        `"'=cmd|x",1.5,"{""a"":null}","'google-oauth2","'it's","'=1+1",2001-02-03T04:05:06.007Z,\r\n`,
    );
    expect(JSON.parse(await runExport(from.server, { fields: fields.slice(0, 4), q }))).toEqual({
      'Text, free': '=cmd|x',
      user_metadata: { number: 1.5, nothing: { list: [null, null, { a: null }] } },
      social: 'google-oauth2',
    });
  });

  it('shows in every column what the user is shown with', async () => {
    const query = { per_page: 100, sort: 'user_id:1' };
    const { body: users } = await from.server.request('GET', '/users', { query });
    const lines = async (body: Record<string, unknown>) =>
      (await runExport(from.server, body))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .sort((left, right) => (left.user_id < right.user_id ? -1 : 1));
    expect(await lines({ fields: everything })).toEqual(users);
    const paths = [
      'user_id',
      'name.length',
      'identities[0].connection',
      'identities[0].provider',
      'identities[0].user_id',
      'identities[0].isSocial',
      'identities[1].user_id',
      'identities[1].profileData.list[0]',
      'user_metadata.nothing.list[1][0]',
      'user_metadata["ключ"]',
      'app_metadata.roles',
      'attribute_of_nobody',
      'password_hash',
    ];
    const fields = paths.map((name, index) =>
      index === 0 ? { name } : { name, export_as: `column ${index}` },
    );
    expect(await lines({ fields })).toEqual(
      users.map((user: Record<string, unknown>) =>
        Object.fromEntries(
          paths.flatMap((path, index) => {
            const value = readAtPath(user, parseFieldPath(path) ?? []);
            return value === undefined ? [] : [[index === 0 ? path : `column ${index}`, value]];
          }),
        ),
      ),
    );
  });

  it('is of one connection, of a search, or of so many users', async () => {
    const count = async (body: Record<string, unknown>) =>
      (await runExport(from.server, { fields: [{ name: 'email' }], ...body })).split('\n').length - 1;
    expect(await count({})).toBe(8);
    expect(await count({ limit: 2 })).toBe(2);
    expect(await count({ connection_id: from.connection_id })).toBe(7);
    expect(await count({ q: 'identities.connection:google-oauth2' })).toBe(3);
    expect(await count({ q: 'name:nobody*' })).toBe(0);
    const emails = async (sort: string) =>
      (await runExport(from.server, { fields: [{ name: 'email' }], sort }))
        .trim()
        .split('\n')
        // Lists are sorted without regard to case.
        .map((line) => (JSON.parse(line).email ?? '').toLowerCase());
    const ascending = await emails('email:1');
    expect(ascending.filter((email) => email !== '')).toEqual(
      ascending.filter((email) => email !== '').toSorted(),
    );
    expect((await emails('email:-1')).filter((email) => email !== '')).toEqual(
      ascending.filter((email) => email !== '').toReversed(),
    );
  });

  it.each([
    ['an unknown connection', { connection_id: 'con_0000000000000000' }, 'The connection does not exist.'],
    ['a query that is none', { q: 'name:(' }, 'q'],
    ['a path that is none', { fields: [{ name: 'a[' }] }, 'a[ is not the path of a field'],
    ['an order that there is not', { sort: 'shoe_size:1' }, 'sort'],
    ['an unknown format', { format: 'xml' }, 'format'],
    ['no users', { limit: 0 }, 'limit'],
    ['an unknown property', { field: [] }, 'field'],
    [
      'two columns of one name',
      { fields: [{ name: 'email' }, { name: 'name', export_as: 'email' }] },
      'Two columns would be named email',
    ],
  ])('is refused with %s', async (_name, body, message) => {
    const answer = await from.server.request('POST', '/jobs/users-exports', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain(message);
  });

  it('gives hashes to those alone who may read them, and says so in the log', async () => {
    const body = { include_password_hashes: true };
    const refused = await from.server.request('POST', '/jobs/users-exports', {
      body,
      scopes: ['read:users'],
    });
    expect(refused).toMatchObject({ status: 403, body: { errorCode: 'insufficient_scope' } });
    const created = await from.server.request('POST', '/jobs/users-exports', { body });
    await waitForJob(from.server, created.body.id);
    for (const scopes of [['read:users'], ['create:users', 'read:users_credentials']])
      expect(
        (await from.server.request('GET', `/jobs/${created.body.id}`, { scopes })).body,
      ).not.toHaveProperty('location');
    const may = await from.server.request('GET', `/jobs/${created.body.id}`, {
      scopes: ['read:users', 'read:users_credentials'],
    });
    expect(may.body).toHaveProperty('location');
    const { body: logs } = await from.server.request('GET', '/logs', {
      query: { per_page: 10, sort: 'date:-1' },
    });
    expect(JSON.stringify(logs)).toContain('"include_password_hashes":true');
  });

  it('is behind a link that expires and cannot be made up', async () => {
    const created = await from.server.request('POST', '/jobs/users-exports', { body: {} });
    const { location } = await waitForJob(from.server, created.body.id);
    const url = new URL(location);
    const get = (change: (copy: URL) => void) => {
      const copy = new URL(url);
      change(copy);
      return from.server.fetchRaw('GET', copy.pathname + copy.search);
    };
    expect((await get(() => undefined)).status).toBe(200);
    expect((await get((copy) => copy.searchParams.set('expires', '9999999999'))).body.message).toBe(
      'This link is not valid.',
    );
    expect((await get((copy) => copy.searchParams.delete('signature'))).status).toBe(403);
    expect(
      (
        await get((copy) => {
          copy.pathname = copy.pathname.replace(/\d+/, '1');
        })
      ).status,
    ).toBe(403);
    const links = { secrets: createSecretBox(testSecretKey), publicUrl: from.server.config.publicUrl };
    const [, id = '', name = ''] = /downloads\/(\d+)\/([^?]+)/.exec(location) ?? [];
    const old = new URL(createFileLink(links, Number(id), name, new Date(Date.now() - 3_600_000)));
    expect((await from.server.fetchRaw('GET', old.pathname + old.search)).body.message).toContain(
      'This link has expired.',
    );
  });
});

describe('the rows of a COPY', () => {
  it('are read from pieces of any size', async () => {
    const bytes = Buffer.from('値\t\\N\t\na\\tb\\\\N\t\\\\\t\\b\\f\\n\\r\\v\n');
    for (let size = 1; size <= bytes.length; size++) {
      const pieces = async function* () {
        for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
      };
      const read = [];
      for await (const piece of readCopyRows(pieces())) read.push(...piece.rows);
      expect(read).toEqual([
        ['値', undefined, ''],
        ['a\tb\\N', '\\', '\b\f\n\r\v'],
      ]);
    }
  });
});

describe('instants', () => {
  it('are written as JavaScript writes them', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(toInstantText(date.getTime())).toBe(date.toISOString());
      }),
    );
  });
});

describe('paths of fields', () => {
  it('read what they wrote', () => {
    const step = fc.oneof(
      fc.string({ minLength: 1 }).filter((text) => text.isWellFormed()),
      fc.nat(20),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
        const [first, ...rest] = steps.map((one, index) => (index === 0 ? `r${one}` : one));
        const text = `${[first, ...rest].map((one = '') => (typeof one === 'number' ? `[${one}]` : `["${one.replaceAll(/["\\]/g, '\\$&')}"]`)).join('')}`;
        const path = parseFieldPath(text);
        expect(path).toEqual([first, ...rest]);
        if (!path) return;
        const target = {};
        writeAtPath(target, path, 'value');
        expect(readAtPath(target, path)).toBe('value');
        expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
      }),
    );
  });

  it.each(['', '.', 'a.', 'a..b', 'a[', 'a[x]', 'a[-1]', 'a]', '["a]'])('refuse %j', (text) => {
    expect(parseFieldPath(text)).toBeUndefined();
  });
});
