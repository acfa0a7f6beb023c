import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function create(name: string) {
  const answer = await server.request('POST', '/connections', {
    body: { name, strategy: 'email', enabled_clients: [server.config.managementClient.id] },
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}
const remove = (id: string) => server.request('DELETE', `/connections/${id}`);
const isGone = (id: string) =>
  expect.poll(async () => (await remove(id)).status, { timeout: 20_000 }).toBe(204);

describe('deleting a connection', () => {
  it('takes every user with it, and none of another connection', async () => {
    const [doomed, kept] = [await create('doomed'), await create('kept')];
    for (let index = 0; index < 30; index++)
      await server.request('POST', '/users', {
        body: { connection: 'doomed', email: `p${index}@example.com` },
      });
    await server.request('POST', '/users', { body: { connection: 'kept', email: 'p0@example.com' } });
    expect((await remove(doomed)).status).toBe(202);
    await isGone(doomed);
    const { body } = await server.request('GET', '/users-by-email', { query: { email: 'p0@example.com' } });
    expect(
      body.map((user: { identities: { connection: string }[] }) => user.identities[0]?.connection),
    ).toEqual(['kept']);
    expect((await server.request('GET', `/connections/${kept}`)).status).toBe(200);
    const { rows } = await sql`SELECT 1 FROM identities WHERE connection_id = ${doomed}`.execute(
      server.database,
    );
    expect(rows).toEqual([]);
  });

  it('hides it at once, keeps its name until it is gone, and repeats the time when asked again', async () => {
    const id = await create('lingering');
    const began = new Date('2026-01-02T03:04:05.678Z');
    // As another process leaves it that has begun a moment ago.
    await sql`UPDATE connections SET deleted_at = ${began} WHERE id = ${id}`.execute(server.database);
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { display_name: 'x' }],
      ['GET', '/clients', undefined],
      ['PATCH', '/clients', [{ client_id: 'nobody', status: true }]],
      ['GET', '/status', undefined],
    ] as const) {
      const answer = await server.request(method, `/connections/${id}${path}`, body ? { body } : {});
      expect(answer.status).toBe(404);
    }
    expect((await server.request('GET', '/connections', { query: { name: 'lingering' } })).body).toEqual([]);
    const user = await server.request('POST', '/users', {
      body: { connection: 'lingering', email: 'late@example.com' },
    });
    expect(user.status).toBe(400);
    const taken = await server.request('POST', '/connections', {
      body: { name: 'lingering', strategy: 'sms' },
    });
    expect(taken.status).toBe(409);
    const again = await remove(id);
    expect(again.status).toBe(202);
    expect(again.body).toEqual({ deleted_at: began.toISOString() });
    await isGone(id);
    await create('lingering');
  });

  it('answers 202 or 204 to all who ask at once, and is logged once', async () => {
    const id = await create('contested');
    const answers = await Promise.all(Array.from({ length: 8 }, () => remove(id)));
    expect(answers.every((answer) => answer.status === 202 || answer.status === 204)).toBe(true);
    expect(new Set(answers.flatMap((answer) => answer.body?.deleted_at ?? [])).size).toBe(1);
    await isGone(id);
    const { body: events } = await server.request('GET', '/logs', { query: { per_page: 100 } });
    const deletions = events.filter(
      (event: { connection_id?: string; description?: string }) =>
        event.connection_id === id && event.description === 'Delete a connection and its users',
    );
    expect(deletions).toHaveLength(1);
  });

  it('leaves no user behind that is made meanwhile', async () => {
    const id = await create('raced');
    const attempts = Array.from({ length: 30 }, (_, index) =>
      server.request('POST', '/users', { body: { connection: 'raced', email: `raced${index}@example.com` } }),
    );
    const [deleted, ...made] = await Promise.all([remove(id), ...attempts]);
    expect(deleted?.status).toBe(202);
    for (const answer of made) expect([201, 400]).toContain(answer.status);
    await isGone(id);
    for (const answer of made.filter((one) => one.status === 201)) {
      const path = `/users/${encodeURIComponent(answer.body.user_id)}`;
      expect((await server.request('GET', path)).status).toBe(404);
    }
  });

  it('answers 204 for one that never was', async () => {
    expect((await remove('con_0000000000000000')).status).toBe(204);
    expect((await server.request('DELETE', '/connections/x', { scopes: ['read:connections'] })).status).toBe(
      403,
    );
  });
});
