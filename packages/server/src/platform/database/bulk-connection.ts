import { pipeline } from 'node:stream/promises';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { giveWay } from './backend-priority.ts';
import { bulkWriteSettings, type Database } from './database.ts';

/** One connection for long work that writes thousands of rows: queries, COPY and an advisory lock share its session. */
export interface BulkConnection {
  /** Queries of this connection; transactions of it must not overlap. */
  readonly database: Database;
  /**
   * Writes rows by COPY, in the transaction that is open on `database`. Lines are PostgreSQL's text format, as
   * `toCopyLine` makes them, or bytes of whole lines with their ends. Constraint violations reject as they do for an INSERT.
   */
  copy(
    table: string,
    columns: readonly string[],
    lines: readonly string[] | readonly Buffer[],
  ): Promise<void>;
  /**
   * The rows of a `COPY … TO STDOUT` as bytes; PostgreSQL waits for who reads them. Nothing else can be asked meanwhile; who
   * stops before the end closes the connection.
   */
  copyOut(statement: string): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/**
 * A step commits without waiting for the disk: what a crash of PostgreSQL loses of the last half second, it loses
 * together with the checkpoint behind it. What says that a job has ended waits for the disk, and so for all before it.
 */
const stepSettings = { synchronous_commit: 'off' };

/** @throws when the server cannot be reached */
export async function openBulkConnection(
  connection: pg.ClientConfig,
  options: {
    readonly statementTimeout: number;
    /** Whether others go first when the cores are busy; for a server on this machine. */
    readonly givesWay?: boolean;
  },
): Promise<BulkConnection> {
  const client = new pg.Client({
    ...connection,
    application_name: 'muster jobs',
    statement_timeout: options.statementTimeout,
    keepAlive: true,
    options: Object.entries({ ...bulkWriteSettings, ...stepSettings })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  // A connection that breaks rejects the query it is in, which is where it is handled.
  client.on('error', () => undefined);
  await client.connect();
  if (options.givesWay === true) await giveWay(client);
  const pool = {
    connect: async () => ({
      query: (text: unknown, values?: unknown) => Reflect.apply(client.query, client, [text, values]),
      release: () => undefined,
    }),
    end: () => client.end(),
  };
  const database: Database = new Kysely({ dialect: new PostgresDialect({ pool }) });
  return {
    database,
    copy: async (table, columns, lines) => {
      if (lines.length === 0) return;
      const target = client.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
      const pieces = lines.every(Buffer.isBuffer) ? lines : [Buffer.from(`${lines.join('\n')}\n`)];
      await pipeline(pieces, target);
    },
    copyOut: (statement) => {
      const rows = client.query(copyTo(statement));
      // Told to whoever reads them; a connection that is closed before their end tells it to nobody.
      rows.on('error', () => undefined);
      return rows;
    },
    close: () => client.end(),
  };
}

/** A value of a COPY line: `null` and `undefined` are NULL, everything else its text. */
export type CopyValue = string | number | boolean | Date | null | undefined;

/** One row in the text format of COPY (PostgreSQL manual, COPY, "Text Format"), without its line end. */
export function toCopyLine(values: readonly CopyValue[]): string {
  let line = toCopyText(values[0]);
  for (let index = 1; index < values.length; index++) line += `\t${toCopyText(values[index])}`;
  return line;
}

/** One value of such a row. */
export function toCopyText(value: CopyValue): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'string')
    return needsEscape.test(value) ? value.replaceAll(escaped, escapeOne) : value;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (value instanceof Date) return value.toISOString();
  return String(value);
}

const needsEscape = /[\\\t\n\r]/;
const escaped = /[\\\t\n\r]/g;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escapeOne(character: string): string {
  return escapes[character] ?? character;
}
