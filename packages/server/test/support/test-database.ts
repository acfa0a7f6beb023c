import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { bootstrap } from '../../src/bootstrap.ts';
import { type Database, openDatabase } from '../../src/platform/database/database.ts';
import { createSecretBox } from '../../src/platform/secrets/secret-box.ts';
import { testConfig, testSecretKey } from './test-config.ts';

/** How tests reach the PostgreSQL of this run; plain data, as it crosses process borders. */
export type TestPostgres =
  | { host: string; port: number; user: string; password: string; database: string }
  | { connectionString: string };

const templateName = 'muster_test_template';

export interface TestDatabase {
  readonly database: Database;
  /** A URL that a spawned server can use as `DATABASE_URL`. */
  readonly url: string;
  readonly connection: pg.PoolConfig;
  drop(): Promise<void>;
}

/** Migrates and bootstraps the database that every test database is a copy of. */
export async function makeTemplateDatabase(postgres: TestPostgres): Promise<void> {
  await administer(postgres, `DROP DATABASE IF EXISTS ${templateName} WITH (FORCE)`);
  await administer(postgres, `CREATE DATABASE ${templateName}`);
  const opened = openDatabase({
    connection: connectionTo(postgres, templateName),
    poolSize: 2,
    statementTimeout: 30_000,
  });
  await bootstrap(opened.database, testConfig(), createSecretBox(testSecretKey));
  await opened.close();
}

/** A fresh database: a bootstrapped copy of the template, or an empty one. */
export async function createTestDatabase(
  postgres: TestPostgres,
  options: { empty?: boolean } = {},
): Promise<TestDatabase> {
  const name = `muster_test_${randomBytes(8).toString('hex')}`;
  await administer(
    postgres,
    `CREATE DATABASE ${name} TEMPLATE ${options.empty ? 'template0' : templateName}`,
  );
  const connection = connectionTo(postgres, name);
  const opened = openDatabase({ connection, poolSize: 10, statementTimeout: 30_000 });
  return {
    database: opened.database,
    connection,
    url: toUrl(connection),
    drop: async () => {
      await opened.close();
      await administer(postgres, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

function connectionTo(postgres: TestPostgres, database: string): pg.PoolConfig {
  if (!('connectionString' in postgres)) return { ...postgres, database };
  const url = new URL(postgres.connectionString);
  url.pathname = `/${database}`;
  return { connectionString: url.href };
}

function toUrl(connection: pg.PoolConfig): string {
  if (connection.connectionString) return connection.connectionString;
  const { user = '', password, host = '', port, database = '' } = connection;
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(String(password))}`;
  return `postgresql://${credentials}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

async function administer(postgres: TestPostgres, statement: string): Promise<void> {
  const client = new pg.Client('connectionString' in postgres ? postgres.connectionString : postgres);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
