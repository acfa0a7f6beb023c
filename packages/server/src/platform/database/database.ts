import { createHash } from 'node:crypto';
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import pg from 'pg';
import { giveWay } from './backend-priority.ts';

/** The connection pool behind typed queries. Stores narrow it to their tables by `withTables`. */
export type Database = Kysely<Record<never, never>>;

export interface DatabaseOptions {
  readonly connection: pg.PoolConfig;
  /** Connections of this process at most. */
  readonly poolSize: number;
  /** Milliseconds after which PostgreSQL ends a statement. */
  readonly statementTimeout: number;
  /** Settings of each connection, beyond the server's own. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether statements are kept prepared, which suits few texts asked often; default true. */
  readonly keepsStatements?: boolean;
  /** Milliseconds that a connection is kept which nobody needs; default 10,000. */
  readonly idleLifetime?: number;
  /**
   * Whether all other work goes first when the cores are busy; default false. For the embedded server only, whose processes
   * are on this machine.
   */
  readonly givesWay?: boolean;
}

export interface OpenDatabase {
  readonly database: Database;
  close(): Promise<void>;
}

// bigint (OID 20) columns are counters and ids below 2^53 here.
pg.types.setTypeParser(20, Number);

const parseAnyInstant: (text: string) => unknown = pg.types.getTypeParser(1184);
const instantForm = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;
// timestamptz (OID 1184): a page of users has hundreds, nearly all in one form, which reads four times as fast by place.
pg.types.setTypeParser(1184, (text) => {
  if (!instantForm.test(text)) return parseAnyInstant(text);
  const pair = (place: number) => text.charCodeAt(place) * 10 + text.charCodeAt(place + 1) - 528;
  const milliseconds = text.length > 22 ? Number(text.slice(20, -3).padEnd(3, '0').slice(0, 3)) : 0;
  const year = pair(0) * 100 + pair(2);
  if (year < 100) return parseAnyInstant(text);
  return new Date(Date.UTC(year, pair(5) - 1, pair(8), pair(11), pair(14), pair(17), milliseconds));
});

/** Opens a pool. Connections are made on demand; nothing is asked of the server yet. */
export function openDatabase(options: DatabaseOptions): OpenDatabase {
  const pool = new pg.Pool({
    ...options.connection,
    max: options.poolSize,
    application_name: 'muster',
    statement_timeout: options.statementTimeout,
    idle_in_transaction_session_timeout: 60_000,
    idleTimeoutMillis: options.idleLifetime ?? 10_000,
    keepAlive: true,
    options: toStartupOptions({ ...singleWriteSettings, ...options.settings }),
  });
  // An idle connection that breaks is replaced at the next checkout; without a listener it would end the process.
  pool.on('error', () => undefined);
  // The same for one that breaks while it is in use: its query rejects, which is where it is handled.
  pool.on('connect', (client) => client.on('error', () => undefined));
  if (options.givesWay === true) pool.on('connect', (client) => void giveWay(client));
  const database: Database = new Kysely({
    dialect: new PostgresDialect({ pool: options.keepsStatements === false ? pool : preparing(pool) }),
  });
  return { database, close: () => database.destroy() };
}

/** Searches read what waits to be merged into an inverted index entry by entry: 256 kB cost them 0.2 ms. */
const singleWriteSettings = { gin_pending_list_limit: '256kB' };

/** For connections that write thousands of records: merged in larger portions, their index entries cost a third. */
export const bulkWriteSettings = { gin_pending_list_limit: '32MB', work_mem: '64MB' };

/** As the startup message of the protocol takes them; a backslash escapes spaces. */
function toStartupOptions(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\\s]/g, '\\$&')}`)
    .join(' ');
}

/** Statements kept prepared on each connection; the rest, rarely seen texts, are sent unprepared. */
const preparedStatementLimit = 400;

/**
 * Gives every statement text a stable name, so that each connection parses and plans it once. Saves about a
 * third of a point read's time at the server.
 */
function preparing(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known !== undefined || names.size >= preparedStatementLimit) return known;
    const name = `m${createHash('sha1').update(text).digest('base64url').slice(0, 20)}`;
    names.set(text, name);
    return name;
  };
  return {
    connect: async () => {
      const client = await pool.connect();
      return {
        query: (text: unknown, values?: unknown) => {
          if (typeof text !== 'string' || !Array.isArray(values))
            return Reflect.apply(client.query, client, [text, values]);
          const name = /^\s*(select|insert|update|delete|with)\b/i.test(text) ? nameOf(text) : undefined;
          return client.query(name ? { name, text, values } : { text, values });
        },
        release: () => client.release(),
      };
    },
    end: () => pool.end(),
  };
}
