import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startExportsFixture } from '../../../test/support/exports-fixture.ts';
import type { JobsFixture } from '../../../test/support/jobs-fixture.ts';
import { testSecretKey } from '../../../test/support/test-config.ts';
import { runExport, waitForJob } from '../../../test/support/test-jobs.ts';
import { createFileLink } from '../../jobs/file-links.ts';
import { createSecretBox } from '../../platform/secrets/secret-box.ts';

let from: JobsFixture;
beforeAll(async () => {
  from = await startExportsFixture();
});
afterAll(() => from.close());

describe('an export', () => {
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
