import { sql } from 'kysely';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { fetchToken, type SpawnedServer, spawnServer } from './support/spawned-server.ts';
import { testSecretKey } from './support/test-config.ts';
import { createTestDatabase, type TestDatabase } from './support/test-database.ts';

const open: { servers: SpawnedServer[]; databases: TestDatabase[] } = { servers: [], databases: [] };

afterEach(async () => {
  for (const server of open.servers.splice(0)) {
    server.process.kill('SIGTERM');
    await server.exited;
  }
  for (const database of open.databases.splice(0)) await database.drop();
});

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase(inject('postgres'), { empty: true });
  open.databases.push(database);
  return database;
}

function start(database: TestDatabase, environment: Record<string, string> = {}): SpawnedServer {
  const server = spawnServer({
    DATABASE_URL: database.url,
    MUSTER_SECRET_KEY: testSecretKey,
    MUSTER_WORKERS: '1',
    ...environment,
  });
  open.servers.push(server);
  return server;
}

const count = async (database: TestDatabase, table: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM ${sql.table(table)}`.execute(
    database.database,
  );
  return rows[0]?.count ?? -1;
};

describe('a PostgreSQL of your own', () => {
  it('is migrated and bootstrapped once by several processes that start at once', {
    timeout: 120_000,
  }, async () => {
    const database = await emptyDatabase();
    const servers = [start(database), start(database), start(database)];
    const urls = await Promise.all(servers.map((server) => server.ready));
    expect(await count(database, 'connections')).toBe(1);
    expect(await count(database, 'administrators')).toBe(1);
    expect(await count(database, 'resource_servers')).toBe(1);
    expect(await count(database, 'signing_keys')).toBe(2);
    const [first = '', second = ''] = urls;
    const token = await fetchToken(first);
    const answer = await fetch(`${second}/api/v2/users`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200); // the one accepts what the other issued
    expect(await answer.json()).toHaveLength(1);
  });

  it('is refused when a newer Muster migrated it', async () => {
    const database = await emptyDatabase();
    const server = start(database);
    await server.ready;
    await sql`INSERT INTO schema_migrations (name, timestamp) VALUES ('9999-from-the-future', '2099-01-01')`.execute(
      database.database,
    );
    const older = start(database);
    expect(await older.exited).toBe(1);
    expect(older.output().trim()).toBe(
      'Muster could not start: The database was migrated by a newer version of Muster. Start that version, or restore a backup from before the upgrade.',
    );
  });

  it('that cannot be reached is named without its password', async () => {
    const server = spawnServer({
      DATABASE_URL: 'postgresql://muster:do-not-print@127.0.0.1:1/muster',
      MUSTER_SECRET_KEY: testSecretKey,
    });
    expect(await server.exited).toBe(1);
    expect(server.output()).toMatch(
      /^Muster could not start: The database that DATABASE_URL names cannot be reached: .*ECONNREFUSED/,
    );
    expect(server.output()).not.toContain('do-not-print');
    expect(server.output().trim().split('\n')).toHaveLength(1);
  });

  it('is served by several HTTP processes, which are replaced when they die', {
    timeout: 120_000,
  }, async () => {
    const database = await emptyDatabase();
    const server = start(database, { MUSTER_WORKERS: '2', MUSTER_LOG_LEVEL: 'info' });
    const url = await server.ready;
    const token = await fetchToken(url);
    await fetch(`${url}/api/v2/users`, { headers: { authorization: `Bearer ${token}` } });
    const workerPid = () => Number(/"pid":(\d+)[^\n]*"msg":"request"/.exec(server.output())?.[1]);
    await expect.poll(workerPid).toBeGreaterThan(0);
    process.kill(workerPid(), 'SIGKILL');
    await expect
      .poll(() => server.output(), { timeout: 30_000 })
      .toMatch(/an HTTP process died and is replaced/);
    await expect
      .poll(
        async () =>
          (
            await fetch(`${url}/api/v2/users`, {
              headers: { authorization: `Bearer ${token}`, connection: 'close' },
            })
          ).status,
        { timeout: 30_000 },
      )
      .toBe(200);
  });
});
