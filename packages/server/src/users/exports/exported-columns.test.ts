import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmptyFixture, startExportsFixture } from '../../../test/support/exports-fixture.ts';
import type { JobsFixture } from '../../../test/support/jobs-fixture.ts';
import { runExport, runImport } from '../../../test/support/test-jobs.ts';
import { readCopyRows } from '../../platform/database/copy-rows.ts';
import { toInstantText } from '../instant-text.ts';
import { parseFieldPath, readAtPath, writeAtPath } from './field-path.ts';

let from: JobsFixture;
let to: JobsFixture;
beforeAll(async () => {
  from = await startExportsFixture();
  to = await startEmptyFixture();
});
afterAll(async () => {
  await from.close();
  await to.close();
});

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

async function removeAll(fixture: JobsFixture) {
  for (const { user_id } of await listAll(fixture))
    await fixture.server.request('DELETE', `/users/${encodeURIComponent(user_id)}`);
}

describe('an export', () => {
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
      fc.constant('__proto__'),
      fc.nat(20),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
        const text = steps
          .map((one) => (typeof one === 'number' ? `[${one}]` : `["${one.replaceAll(/["\\]/g, '\\$&')}"]`))
          .join('');
        const path = parseFieldPath(text);
        expect(path).toEqual(steps);
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
