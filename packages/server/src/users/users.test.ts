import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer } from '../../test/support/test-server.ts';
import { pathOf, startUsersFixture, type UsersFixture } from '../../test/support/users-fixture.ts';

const database = 'Username-Password-Authentication';
let server: TestServer;
let create: UsersFixture['create'];

beforeAll(async () => {
  ({ server, create } = await startUsersFixture());
});
afterAll(() => server.close());

describe('deleting a user', () => {
  it('removes it for good, frees its identifiers and answers 204 again', async () => {
    const made = await create({ user_id: 'short-lived' });
    expect((await server.request('DELETE', pathOf(made))).status).toBe(204);
    expect((await server.request('GET', pathOf(made))).status).toBe(404);
    expect((await server.request('DELETE', pathOf(made))).status).toBe(204);
    expect((await create({ email: made.body.email, user_id: 'short-lived' })).status).toBe(201);
  });
});

describe('the log of user changes', () => {
  it('records who changed what, before and after, without the password', async () => {
    const made = await create({ app_metadata: { plan: 'free' } });
    await server.request('PATCH', pathOf(made), { body: { app_metadata: { plan: 'pro' } } });
    await server.request('PATCH', pathOf(made), { body: { password: 'Another-horse-7' } });
    await server.request('DELETE', pathOf(made));
    const { body: events } = await server.request('GET', `${pathOf(made)}/logs`);
    expect(events.map((event: { type: string }) => event.type).sort()).toEqual([
      'sapi',
      'sapi',
      'sapi',
      'sapi',
      'scp',
      'sdu',
    ]);
    const change = events.find(
      (event: { details?: { changes?: { app_metadata?: { after?: { plan?: string } } } } }) =>
        event.details?.changes?.app_metadata?.after?.plan === 'pro',
    );
    expect(change.details.changes.app_metadata).toEqual({ before: { plan: 'free' }, after: { plan: 'pro' } });
    expect(change).toMatchObject({
      description: 'Update a user',
      client_id: server.config.managementClient.id,
      user_id: made.body.user_id,
    });
    expect(JSON.stringify(events)).not.toContain('horse');
  });

  it('records a refused write as fapi', async () => {
    const made = await create();
    await server.request('PATCH', pathOf(made), { body: { blocked: 'maybe' } });
    await expect
      .poll(async () =>
        (await server.request('GET', '/logs')).body.some((event: { type: string }) => event.type === 'fapi'),
      )
      .toBe(true);
  });
});

describe('reporting.users', () => {
  it('shows a user with the columns that reports rely on', async () => {
    const { sql } = await import('kysely');
    const made = await create({ blocked: true });
    const { rows } = await sql<
      Record<string, unknown>
    >`SELECT * FROM reporting.users WHERE user_id = ${made.body.user_id}`.execute(server.database);
    expect(rows[0]).toMatchObject({
      email: made.body.email,
      blocked: true,
      logins_count: 0,
      primary_connection: database,
      primary_provider: 'auth0',
    });
  });
});
