import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { errorCode } from './error-code.ts';
import type { Endpoint } from './postmaster-file.ts';

/** Session lock on the `postgres` database: who holds it owns the data folder. */
const ownerLock = 4_707_203_000;
const ownerName = 'muster owner pid';
const databaseName = 'muster';
/** The role that owns the cluster. */
export const superuser = 'muster';

/** Milliseconds that a holder's connection gets to vanish; that of a killed process needs a moment. */
const patience = 5_000;

export type Claim =
  | { readonly ok: true; readonly owner: Owner }
  /** The server is starting or stopping, or was gone when asked. */
  | { readonly ok: false; readonly kind: 'unavailable'; readonly reason: string }
  | { readonly ok: false; readonly kind: 'taken'; readonly pid: number | undefined };

/** The connection whose session holds the lock: PostgreSQL frees it when the connection or this process ends. */
export interface Owner {
  /** Resolves when the connection has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Lets Node exit although the connection is open. */
  unref(): void;
  end(): Promise<void>;
}

/** Connects, takes the lock that makes this process the only Muster on the server, and provides the database. */
export async function claimServer(endpoint: Endpoint, password: string): Promise<Claim> {
  const socket = new Socket();
  const client = new pg.Client({
    ...clientOptions(endpoint, password, 'postgres'),
    application_name: `${ownerName} ${process.pid}`,
    keepAlive: true,
    stream: () => socket,
  });
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  let isBroken = false;
  client.on('error', () => {
    isBroken = true; // 'end' follows
  });
  const end = async () => {
    await client.end().catch(() => undefined); // ending a connection that is broken already
  };
  let isConnected = false;
  try {
    await client.connect();
    isConnected = true;
    if (!(await takeLock(client))) {
      const pid = await findHolder(client);
      await end();
      return { ok: false, kind: 'taken', pid };
    }
    await provideDatabase(client, endpoint, password);
    return { ok: true, owner: { ended, unref: () => socket.unref(), end } };
  } catch (error) {
    socket.destroy(); // a polite end waits for an answer that may not come
    if ((isConnected && isBroken) || isUnavailable(error))
      return { ok: false, kind: 'unavailable', reason: String(error) };
    throw error;
  }
}

async function takeLock(client: pg.Client): Promise<boolean> {
  const deadline = Date.now() + patience;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      ownerLock,
    ]);
    if (rows[0]?.taken) return true;
    if (Date.now() > deadline) return false;
    await delay(25);
  }
}

async function findHolder(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT application_name AS name FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32 | objid::bigint) = $1`,
    [ownerLock],
  );
  const name = rows[0]?.name;
  return name?.startsWith(ownerName) ? Number(name.slice(ownerName.length)) : undefined;
}

/**
 * A connection that is made after the lock was taken proves that the server was not already stopping for the
 * owner before: it would have been refused.
 */
async function provideDatabase(owner: pg.Client, endpoint: Endpoint, password: string): Promise<void> {
  const client = new pg.Client(clientOptions(endpoint, password, databaseName));
  client.on('error', () => undefined); // it would end the process, and the query below fails anyway
  try {
    await client.connect();
  } catch (error) {
    if (errorCode(error) !== '3D000') throw error;
    await owner.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end().catch(() => undefined); // it may never have been connected
  }
}

export interface EmbeddedPostgresConnection {
  /** The folder of the Unix socket; on Windows the loopback address. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export function connectionOptions(endpoint: Endpoint, password: string): EmbeddedPostgresConnection {
  return { host: endpoint.host, port: endpoint.port, user: superuser, password, database: databaseName };
}

function clientOptions(endpoint: Endpoint, password: string, database: string): pg.ClientConfig {
  return {
    ...connectionOptions(endpoint, password),
    database,
    ssl: false, // not PGSSLMODE's business
    connectionTimeoutMillis: 5_000,
    query_timeout: 60_000, // making the database takes longest
  };
}

/** PostgreSQL's classes 57P (starting, stopping, ended by an administrator) and 53300 (full), or no answer at all. */
function isUnavailable(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined) return /^(57P0\d|53300|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT)$/.test(code);
  // pg tells these apart by their text alone.
  return (
    error instanceof Error &&
    /^(Connection terminated|timeout expired|Query read timeout)/.test(error.message)
  );
}
