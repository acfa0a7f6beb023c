import { PassThrough, Readable } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JobsFixture, startJobsFixture } from '../../../test/support/jobs-fixture.ts';
import { sendImport } from '../../../test/support/test-jobs.ts';
import type { TestServer } from '../../../test/support/test-server.ts';

let fixture: JobsFixture;
let server: TestServer;
let connection_id: string;
beforeAll(async () => {
  fixture = await startJobsFixture();
  ({ server, connection_id } = fixture);
});
afterAll(() => fixture.close());

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
