import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { openDatabase } from '../../packages/server/src/platform/database/database.ts';
import { migrate } from '../../packages/server/src/platform/database/migrate.ts';

const tables: Readonly<Record<string, string>> = {
  users: 'users.user_id',
  identities: 'identities.user_id',
  credentials: 'credentials.user_id',
  factors: 'factors.user_id',
  user_search: 'user_search.user_id',
  user_search_values: '(SELECT user_id FROM user_search WHERE user_search.id = user_search_values.id)',
};

/** Writes the rows of users whose ids begin so to files, as PostgreSQL's own COPY does. */
export async function dumpRows(url: string, folder: string, prefix: string): Promise<void> {
  await withClient(url, async (client) => {
    for (const [table, userId] of Object.entries(tables)) {
      const rows = `SELECT * FROM ${table} WHERE ${userId} LIKE 'auth0|${prefix}%'`;
      await pipeline(
        client.query(copyTo(`COPY (${rows}) TO STDOUT`)),
        createWriteStream(join(folder, table)),
      );
    }
  });
}

/** Copies them into the same tables of another database, with all their indexes. @returns seconds */
export async function copyRows(url: string, folder: string): Promise<number> {
  return withClient(url, async (client) => {
    const startedAt = performance.now();
    await client.query("SET gin_pending_list_limit = '32MB'");
    for (const table of Object.keys(tables))
      await pipeline(
        createReadStream(join(folder, table), { highWaterMark: 1024 * 1024 }),
        client.query(copyFrom(`COPY ${table} FROM STDIN`)),
      );
    return (performance.now() - startedAt) / 1000;
  });
}

/** An empty database with Muster's tables, or a copy of one that nobody is connected to. @returns its URL */
export async function makeDatabase(url: string, name: string, template?: string): Promise<string> {
  await withClient(databaseOf(url, 'template1'), async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template ?? 'template0'}`);
  });
  const target = databaseOf(url, name);
  if (template !== undefined) return target;
  const opened = openDatabase({
    connection: { connectionString: target },
    poolSize: 2,
    statementTimeout: 60_000,
  });
  await migrate(opened.database);
  await opened.close();
  await copyConnections(url, target);
  return target;
}

/** Identities refer to them. */
async function copyConnections(from: string, to: string): Promise<void> {
  const connections = await withClient(from, async (client) => {
    const { rows } = await client.query('SELECT json_agg(connections) AS all FROM connections');
    return JSON.stringify(rows[0].all);
  });
  await withClient(to, (client) =>
    client.query('INSERT INTO connections SELECT * FROM json_populate_recordset(NULL::connections, $1)', [
      connections,
    ]),
  );
}

export async function dropDatabase(url: string, name: string): Promise<void> {
  await withClient(databaseOf(url, 'template1'), async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
}

/** The URL of another database of the same server. */
export function databaseOf(url: string, name: string): string {
  const target = new URL(url);
  target.pathname = `/${name}`;
  return target.href;
}

async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
