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

let fixture: JobsFixture;
let server: TestServer;
let connection_id: string;
beforeAll(async () => {
  fixture = await startJobsFixture();
  ({ server, connection_id } = fixture);
  await server.request('POST', '/connections', { body: { name: 'google', strategy: 'google-oauth2' } });
});
afterAll(() => fixture.close());

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
    const found = await findByEmail(server, 'upsert@example.com');
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
    expect((await findByEmail(server, 'upsert@example.com')).updated_at).toBe(found.updated_at);
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
    expect(await findByEmail(server, user.email)).toMatchObject({ name: 'The Boss', email_verified: true });
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
    expect((await findByEmail(server, 'merge@example.com')).user_metadata).toEqual({
      a: 1,
      b: { c: 2 },
      e: 3,
    });
  });

  it('without upsert, refuses who is there', async () => {
    const job = await runImport(server, [{ email: 'merge@example.com' }], { connection_id });
    expect(await readErrors(server, job)).toMatchObject([
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
    expect(await importAndList(fixture, rows, fields)).toEqual([
      '1: CONFLICT user_id',
      '2: CONFLICT phone_number',
    ]);
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
    expect(await importAndList(fixture, rows, flexible)).toEqual([
      '1: CONFLICT_USERNAME username',
      '2: CONFLICT_EMAIL email',
      '3: ANY_OF_MISSING',
    ]);
  });

  it('counts updated verification only when it is said', async () => {
    await runImport(server, [{ email: 'verified@example.com', email_verified: true }], { connection_id });
    await runImport(server, [{ email: 'verified@example.com', name: 'Known' }], { connection_id, ...fields });
    expect(await findByEmail(server, 'verified@example.com')).toMatchObject({ name: 'Known' });
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
    expect((await findByEmail(server, 'dry@example.com')).name).toBe('Wet');
    expect(await findByEmail(server, 'drier@example.com')).toBeUndefined();
    expect(await readErrors(server, job)).toMatchObject([
      { row: 3 },
      { row: 4, errors: [{ code: 'DUPLICATED_USER' }] },
    ]);
  });
});
