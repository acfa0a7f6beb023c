import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnServer } from '../../test/support/spawned-server.ts';
import { testSecretKey } from '../../test/support/test-config.ts';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';
import { addDemoUsers } from './index.ts';
import { makeDemoUser } from './make-demo-user.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('demo users', () => {
  it('are the same people for the same seed, and others for another', () => {
    const people = (seed: number) => Array.from({ length: 200 }, (_, index) => makeDemoUser(seed, index));
    expect(people(7)).toEqual(people(7));
    expect(people(8)).not.toEqual(people(7));
    const ids = people(7).map((person) => person.user['user_id']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('fill the directory across connections, and a repeated run adds nobody', async () => {
    expect(await addDemoUsers(server.database, { count: 3_000, seed: 1 })).toBe(3_000);
    expect(await addDemoUsers(server.database, { count: 3_000, seed: 1 })).toBe(0);
    const { body } = await server.request('GET', '/users', {
      query: { include_totals: true, per_page: 100 },
    });
    expect(body.total).toBe(3_001);
    const connections = new Set(
      body.users.flatMap((user: { identities: { connection: string }[] }) =>
        user.identities.map((one) => one.connection),
      ),
    );
    expect(connections.size).toBeGreaterThan(3);
    for (const user of body.users)
      expect(user).toMatchObject({ name: expect.any(String), picture: expect.stringMatching(/^http/) });
  });

  it('can be changed like anybody else', async () => {
    const { body: found } = await server.request('GET', '/users', {
      query: { connection: 'sms', per_page: 1 },
    });
    const path = `/users/${encodeURIComponent(found[0].user_id)}`;
    const changed = await server.request('PATCH', path, { body: { user_metadata: { seen: true } } });
    expect(changed.status).toBe(200);
    expect(changed.body.user_metadata).toMatchObject({ seen: true, locale: expect.any(String) });
  });

  it('are added by the command beside a running server', async () => {
    const command = spawnServer(
      { DATABASE_URL: server.testDatabase.url, MUSTER_SECRET_KEY: testSecretKey },
      { program: 'command', words: ['demo-users', '--count', '250', '--seed', '2'] },
    );
    expect(await command.exited).toBe(0);
    expect(command.output()).toMatch(/250 users added\./);
  });

  it('need a count that is a number', async () => {
    const command = spawnServer({}, { program: 'command', words: ['demo-users', '--count', 'many'] });
    expect(await command.exited).toBe(1);
    expect(command.output().trim()).toBe('--count must be a whole number, not "many".');
  });
});
