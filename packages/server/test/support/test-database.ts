import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { bootstrap } from '../../src/bootstrap.ts';
import { type Database, openDatabase } from '../../src/platform/database/database.ts';
import { createSecretBox } from '../../src/platform/secrets/secret-box.ts';
import {
  preparedSearchPoolSize,
  preparedSearchSettings,
  searchPoolSize,
  searchSettings,
} from '../../src/users/index.ts';
import { testConfig, testSecretKey } from './test-config.ts';

/** How tests reach the PostgreSQL of this run; plain data, as it crosses process borders. */
export type TestPostgres = (
  | { host: string; port: number; user: string; password: string; database: string }
  | { connectionString: string }
) & {
  /** Name of the bootstrapped database that test databases are copies of; of this run alone. */
  template: string;
};

export interface TestDatabase {
  readonly database: Database;
  /** Set for searching, as the server's second pool is. */
  readonly searchDatabase: Database;
  /** Set as the server's pool is that keeps plans. */
  readonly preparedSearchDatabase: Database;
  /** A URL that a spawned server can use as `DATABASE_URL`. */
  readonly url: string;
  readonly connection: pg.PoolConfig;
  drop(): Promise<void>;
}

export function newTemplateName(): string {
  return `muster_test_template_${randomBytes(6).toString('hex')}`;
}

/** Migrates and bootstraps the database that every test database is a copy of. */
export async function makeTemplateDatabase(postgres: TestPostgres): Promise<void> {
  await administer(postgres, `CREATE DATABASE ${postgres.template}`);
  const opened = openDatabase({
    connection: connectionTo(postgres, postgres.template),
    poolSize: 2,
    statementTimeout: 30_000,
  });
  await bootstrap(opened.database, testConfig(), createSecretBox(testSecretKey));
  await opened.close();
}

export function dropTemplateDatabase(postgres: TestPostgres): Promise<void> {
  return administer(postgres, `DROP DATABASE IF EXISTS ${postgres.template} WITH (FORCE)`);
}

/** A fresh database: a bootstrapped copy of the template, or an empty one. */
export async function createTestDatabase(
  postgres: TestPostgres,
  options: { empty?: boolean; searchTimeout?: number } = {},
): Promise<TestDatabase> {
  const name = `muster_test_${randomBytes(8).toString('hex')}`;
  await administer(
    postgres,
    `CREATE DATABASE ${name} TEMPLATE ${options.empty ? 'template0' : postgres.template}`,
  );
  const connection = connectionTo(postgres, name);
  const opened = openDatabase({ connection, poolSize: 10, statementTimeout: 30_000 });
  const openedForSearch = openDatabase({
    connection,
    poolSize: searchPoolSize,
    statementTimeout: options.searchTimeout ?? 30_000,
    settings: searchSettings,
    keepsStatements: false,
  });
  const openedForPreparedSearch = openDatabase({
    connection,
    poolSize: preparedSearchPoolSize,
    statementTimeout: options.searchTimeout ?? 30_000,
    settings: preparedSearchSettings,
  });
  return {
    database: opened.database,
    searchDatabase: openedForSearch.database,
    preparedSearchDatabase: openedForPreparedSearch.database,
    connection,
    url: toUrl(connection),
    drop: async () => {
      await openedForPreparedSearch.close();
      await openedForSearch.close();
      await opened.close();
      await administer(postgres, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

function connectionTo(postgres: TestPostgres, database: string): pg.PoolConfig {
  if (!('connectionString' in postgres)) {
    const { host, port, user, password } = postgres;
    return { host, port, user, password, database };
  }
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
  const client = new pg.Client(
    connectionTo(
      postgres,
      'connectionString' in postgres
        ? new URL(postgres.connectionString).pathname.slice(1)
        : postgres.database,
    ),
  );
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
