import type { BruteForceProtection } from '@muster/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import { createStatement, type Parameter } from '../../platform/database/statement.ts';
import { type LoginKey, toInet } from './login-key.ts';

export type BruteForceMode = BruteForceProtection['mode'];

/** How one identifier stands from one address, and by which settings. */
export interface LoginStanding {
  readonly settings: Pick<BruteForceProtection, 'enabled' | 'shields' | 'mode' | 'max_attempts'>;
  /** Whether the address is on the allowlist. */
  readonly isAllowed: boolean;
  readonly hasFailures: boolean;
  /** Whether the limit was reached, whatever the shields make of it. */
  readonly isAtLimit: boolean;
}

/** Neither counters nor blocks outlive this, counted from the last wrong password. */
const lifetime = sql`interval '30 days'`;

/** Whether a row of `login_failures` is a block by these settings; a limit that was raised since lifts it. */
const isAtLimit = (maxAttempts: RawBuilder<unknown>) => sql<boolean>`
  (login_failures.blocked_at IS NOT NULL AND login_failures.failures >= ${maxAttempts}
    AND login_failures.last_failed_at > now() - ${lifetime})`;

const isKey = ({ identifier, connectionId, ip }: LoginKey) => sql`
  login_failures.identifier = ${identifier} AND login_failures.connection_id = ${connectionId} AND login_failures.ip = ${ip}`;

/** What `composeStanding` selects. */
export interface StandingRow {
  enabled: boolean;
  shields: BruteForceProtection['shields'];
  mode: BruteForceMode;
  max_attempts: number;
  is_allowed: boolean | null;
  has_failures: boolean;
  is_at_limit: boolean | null;
}

export type StandingParameter = 'login_inet' | 'login_identifier' | 'login_connection' | 'login_ip';

/** A query for settings and counter by primary keys; it has one row. Its values are those of `toStandingValues`. */
export function composeStanding(parameter: Parameter<StandingParameter>): RawBuilder<StandingRow> {
  return sql`
    SELECT settings.enabled, settings.shields, settings.mode, settings.max_attempts,
      ${parameter('login_inet')}::inet <<= ANY(settings.allowed_networks) AS is_allowed,
      login_failures.identifier IS NOT NULL AS has_failures,
      ${isAtLimit(sql`settings.max_attempts`)} AS is_at_limit
    FROM brute_force_protection AS settings
    LEFT JOIN login_failures ON login_failures.identifier = ${parameter('login_identifier')}
      AND login_failures.connection_id = ${parameter('login_connection')}
      AND login_failures.ip = CASE settings.mode WHEN 'count_per_identifier' THEN '' ELSE ${parameter('login_ip')}::text END`;
}

/** @param key with the address that the attempt comes from, whatever the mode */
export function toStandingValues(key: LoginKey): Record<StandingParameter, string | null> {
  return {
    login_inet: toInet(key.ip),
    login_identifier: key.identifier,
    login_connection: key.connectionId,
    login_ip: key.ip,
  };
}

export function toStanding(row: StandingRow | undefined): LoginStanding {
  if (!row) throw new Error('the settings of brute-force protection are missing');
  const { enabled, shields, mode, max_attempts } = row;
  return {
    settings: { enabled, shields, mode, max_attempts },
    isAllowed: row.is_allowed === true,
    hasFailures: row.has_failures,
    isAtLimit: row.is_at_limit === true,
  };
}

const selectStanding = createStatement<StandingParameter, StandingRow>(composeStanding);

/** Reads settings and counter in one statement. */
export async function findStanding(database: Database, key: LoginKey): Promise<LoginStanding> {
  const [row] = await selectStanding(database, toStandingValues(key));
  return toStanding(row);
}

/**
 * Counts one wrong password and holds the counter until the transaction ends, so that of any number at once each is counted
 * and one reaches the limit. Past the limit nothing changes.
 */
export async function countFailure(
  transaction: Database,
  key: LoginKey,
  options: { readonly connection: string; readonly maxAttempts: number },
): Promise<{ readonly failures: number; readonly wasAtLimit: boolean }> {
  const max = sql`${options.maxAttempts}::integer`;
  const { rows } = await sql<{ failures: number; was_at_limit: boolean }>`
    INSERT INTO login_failures (identifier, connection_id, ip, connection, failures, last_failed_at)
    VALUES (${key.identifier}, ${key.connectionId}, ${key.ip}, ${options.connection}, 1, now())
    ON CONFLICT ON CONSTRAINT login_failures_pkey DO UPDATE SET
      failures = CASE
        WHEN login_failures.last_failed_at <= now() - ${lifetime} THEN 1
        WHEN ${isAtLimit(max)} THEN login_failures.failures
        ELSE login_failures.failures + 1 END,
      blocked_at = CASE WHEN ${isAtLimit(max)} THEN login_failures.blocked_at END,
      last_failed_at = CASE WHEN ${isAtLimit(max)} THEN login_failures.last_failed_at ELSE now() END
    RETURNING failures, blocked_at IS NOT NULL AS was_at_limit`.execute(transaction);
  const row = rows[0];
  if (!row) throw new Error('a wrong password was not counted');
  return { failures: row.failures, wasAtLimit: row.was_at_limit };
}

/** Makes a block of a counter that the transaction holds. */
export async function blockLogin(transaction: Database, key: LoginKey): Promise<void> {
  await sql`UPDATE login_failures SET blocked_at = now() WHERE ${isKey(key)}`.execute(transaction);
}

/** Whether somebody was told of this address in the last hour. */
export async function wasNotified(transaction: Database, ip: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM login_failures WHERE notified_ip = ${ip} AND notified_at > now() - interval '1 hour' LIMIT 1`.execute(
    transaction,
  );
  return rows.length > 0;
}

export async function markNotified(transaction: Database, key: LoginKey, ip: string): Promise<void> {
  await sql`UPDATE login_failures SET notified_ip = ${ip}, notified_at = now() WHERE ${isKey(key)}`.execute(
    transaction,
  );
}

/** Forgets the wrong passwords of one key, unless they have reached the limit and that is to count. @returns whether it does */
export async function settleFailures(
  transaction: Database,
  key: LoginKey,
  options: { readonly maxAttempts: number; readonly blocks: boolean },
): Promise<boolean> {
  const holds = sql`(${options.blocks}::boolean AND ${isAtLimit(sql`${options.maxAttempts}::integer`)})`;
  await sql`DELETE FROM login_failures WHERE ${isKey(key)} AND NOT ${holds}`.execute(transaction);
  // A statement of its own: it sees what the one before had to wait for.
  const { rows } = await sql`SELECT FROM login_failures WHERE ${isKey(key)} AND ${holds}`.execute(
    transaction,
  );
  return rows.length > 0;
}

export interface LoginBlock {
  readonly identifier: string;
  readonly connectionId: string;
  /** Name of the connection. */
  readonly connection: string;
  readonly ip: string;
}

/** Blocks by the settings of now. @param connectionId absent: of any connection */
export async function listBlocks(
  database: Database,
  names: readonly { readonly identifier: string; readonly connectionId?: string }[],
  limit: number,
): Promise<LoginBlock[]> {
  const { rows } = await sql<{ identifier: string; connection_id: string; connection: string; ip: string }>`
    SELECT login_failures.identifier, login_failures.connection_id, login_failures.connection, login_failures.ip
    FROM brute_force_protection AS settings, login_failures
    WHERE ${isNamed(names)} AND ${isAtLimit(sql`settings.max_attempts`)}
      AND (login_failures.ip = '') = (settings.mode = 'count_per_identifier')
    ORDER BY login_failures.blocked_at DESC, login_failures.identifier, login_failures.ip LIMIT ${limit}`.execute(
    database,
  );
  return rows.map((row) => ({
    identifier: row.identifier,
    connectionId: row.connection_id,
    connection: row.connection,
    ip: row.ip,
  }));
}

/** The connections in which wrong passwords were counted for an identifier. */
export async function listConnectionIds(database: Database, identifier: string): Promise<string[]> {
  const { rows } = await sql<{ connection_id: string }>`
    SELECT DISTINCT connection_id FROM login_failures WHERE identifier = ${identifier} ORDER BY connection_id`.execute(
    database,
  );
  return rows.map((row) => row.connection_id);
}

/** Forgets everything of these names. @param ip absent: of every address. @returns how many counters went */
export async function deleteFailures(
  transaction: Database,
  names: readonly { readonly identifier: string; readonly connectionId?: string }[],
  ip?: string,
): Promise<number> {
  if (names.length === 0) return 0;
  const isAddressed = ip === undefined ? sql`true` : sql`login_failures.ip = ${ip}`;
  // In one order, so that two of these never wait for each other.
  const { rows } = await sql`
    WITH held AS (
      SELECT identifier, connection_id, ip FROM login_failures WHERE ${isNamed(names)} AND ${isAddressed}
      ORDER BY identifier, connection_id, ip FOR UPDATE
    )
    DELETE FROM login_failures USING held
    WHERE login_failures.identifier = held.identifier AND login_failures.connection_id = held.connection_id
      AND login_failures.ip = held.ip
    RETURNING 1`.execute(transaction);
  return rows.length;
}

function isNamed(names: readonly { readonly identifier: string; readonly connectionId?: string }[]) {
  const conditions = names.map(({ identifier, connectionId }) =>
    connectionId === undefined
      ? sql`login_failures.identifier = ${identifier}`
      : sql`(login_failures.identifier = ${identifier} AND login_failures.connection_id = ${connectionId})`,
  );
  return names.length === 0 ? sql`false` : sql`(${sql.join(conditions, sql` OR `)})`;
}

/** Deletes counters and blocks whose time is over. @returns how many went */
export async function deleteExpiredFailures(database: Database, limit: number): Promise<number> {
  const { rows } = await sql`
    DELETE FROM login_failures WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM login_failures WHERE last_failed_at <= now() - ${lifetime} LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )) RETURNING 1`.execute(database);
  return rows.length;
}
