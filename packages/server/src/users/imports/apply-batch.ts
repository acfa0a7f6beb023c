import { type Connection, holdConnections } from '../../connections/index.ts';
import { appendLogEvent, type LogEvent } from '../../logs/index.ts';
import { type BulkConnection, toCopyLine } from '../../platform/database/bulk-connection.ts';
import type { Database } from '../../platform/database/database.ts';
import { skipReferenceChecks } from '../../platform/database/reference-checks.ts';
import { appendToFile, type Job } from '../../platform/jobs/index.ts';
import type { AccountGuard } from '../account-guard.ts';
import { bisect } from './bisect.ts';
import { listClaims } from './claims.ts';
import { type ClassificationRules, classifyRows } from './classify.ts';
import { copiedTables, type UserLines } from './import-lines.ts';
import type { ImportedRoles } from './imported-roles.ts';
import { hashIdentifier } from './imports-store.ts';
import { maskRow } from './mask-row.ts';
import type { PreparedRow } from './prepare-row.ts';
import { type RoleRights, withoutGoneRoles } from './resolve-roles.ts';
import type { RowFate } from './row-error.ts';
import { type MatchedRow, updateMatched } from './update-matched.ts';

/** A row that is read, checked and ready to be written. */
type WritableRow = PreparedRow & {
  /** Its number in the batch's lines. */
  readonly record: number;
};

export interface PreparedBatch {
  readonly rows: readonly WritableRow[];
  readonly lines: UserLines;
  /** Rows that could not be prepared. */
  readonly failed: readonly RowFate[];
  /** Where the rows behind this batch begin. */
  readonly next: RowPlace;
  /** Bytes of the stored file that were read when it was made. */
  readonly read: number;
}

/** A place between two rows of the uncompressed file. */
export interface RowPlace {
  /** Number and line of the row that begins here, from 1. */
  readonly row: number;
  readonly line: number;
  /** Bytes before it. */
  readonly offset: number;
}

export interface BatchRules extends ClassificationRules, RoleRights {
  /** All there are, by name. */
  readonly connections: ReadonlyMap<string, Connection>;
  readonly mergesMetadata: boolean;
  readonly isDryRun: boolean;
  /** Whether values are written in the order of their index: thousands of neighbours share its pages. */
  readonly sortsValues: boolean;
  readonly guard: Pick<AccountGuard, 'listAdministrators'>;
  readonly roles: ImportedRoles;
  /** What the events of the import have in common. */
  readonly event: LogEvent;
}

/** The batch before this one, which is being written in another transaction. */
export interface BatchAhead {
  /** What its rows that do not fail claim, once that is decided; nothing, when it is written and can be looked up. */
  readonly claims: Promise<ReadonlySet<string>>;
  readonly written: Promise<unknown>;
}

interface ApplyOptions {
  readonly ahead?: BatchAhead | undefined;
  /** Told what the rows claim, where the next batch may go on before this one is written. */
  readonly decide?: (claims: ReadonlySet<string>) => void;
}

/**
 * Decides about the rows of a batch and writes them, inside the caller's transaction.
 * @param options.isolates whether rows that PostgreSQL refuses are looked for and fail alone; else the batch rejects
 * @returns the fates, in order
 */
export async function applyBatch(
  bulk: BulkConnection,
  transaction: Database,
  batch: PreparedBatch,
  rules: BatchRules,
  options: ApplyOptions & { readonly isolates: boolean },
): Promise<RowFate[]> {
  const apply = (rows: readonly WritableRow[]) =>
    applyRows(bulk, transaction, rows, batch.lines, rules, options);
  const fates = options.isolates ? await bisect(transaction, batch.rows, apply) : await apply(batch.rows);
  return [...batch.failed, ...fates].sort((left, right) => left.row - right.row);
}

async function applyRows(
  bulk: BulkConnection,
  transaction: Database,
  given: readonly WritableRow[],
  lines: UserLines,
  rules: BatchRules,
  { ahead, decide }: ApplyOptions,
): Promise<RowFate[]> {
  const { rows, failed } = await withoutGoneRoles(transaction, given, rules.roles);
  const { intentions, claims } = await classifyRows(transaction, rows, rules, await ahead?.claims);
  const inserted: WritableRow[] = [];
  const matched: MatchedRow[] = [];
  const fates: RowFate[] = [...failed];
  const handled: PreparedRow[] = [];
  for (const [index, row] of rows.entries()) {
    const intention = intentions[index];
    const place = { row: row.row, line: row.line };
    if (intention?.kind === 'insert') {
      inserted.push(row);
      handled.push(row);
      fates.push({ ...place, fate: 'inserted', userId: row.user.userId });
    } else if (intention?.kind === 'update') {
      matched.push({ prepared: row, userId: intention.userId, providerUserId: intention.providerUserId });
      handled.push(row);
    } else if (intention) {
      fates.push({ ...place, fate: 'failed', errors: [intention.error], source: row.attributes });
    }
  }
  // Who changes users may free what they had: the next batch has to look for itself then.
  if (matched.length === 0) decide?.(claims);
  if (!rules.isDryRun) await copyUsers(bulk, transaction, inserted, lines, rules);
  // Two that change users would wait for each other's rows.
  if (matched.length > 0) await ahead?.written;
  const updates = await updateMatched(transaction, matched, rules);
  const members = inserted.flatMap(({ user: { userId }, roleIds = [] }) =>
    roleIds.length > 0 ? { userId, roleIds } : [],
  );
  // Behind the users that are held: users before roles, everywhere.
  if (!rules.isDryRun && members.length > 0) await rules.roles.give(transaction, members);
  for (const { prepared, userId } of matched) {
    const place = { row: prepared.row, line: prepared.line };
    const update = updates.get(userId);
    if (!update) {
      const error = { code: 'CONFLICT' as const, message: 'The user was deleted while it was imported.' };
      fates.push({ ...place, fate: 'failed', errors: [error], source: prepared.attributes });
      continue;
    }
    if (update.fate === 'failed') {
      fates.push({ ...place, fate: 'failed', errors: [update.error], source: prepared.attributes });
      continue;
    }
    const { fate, ignored } = update;
    fates.push({ ...place, fate, userId, ...(ignored.length > 0 ? { ignored } : {}) });
  }
  if (rules.remembersIdentifiers) {
    const hashes = handled.flatMap((row) =>
      listClaims(row).map(({ key }) => toCopyLine([rules.jobId, hashIdentifier(key)])),
    );
    await bulk.copy('job_identifiers', ['job_id', 'hash'], hashes);
  }
  return fates;
}

async function copyUsers(
  bulk: BulkConnection,
  transaction: Database,
  rows: readonly WritableRow[],
  lines: UserLines,
  { sortsValues }: BatchRules,
): Promise<void> {
  if (rows.length === 0) return;
  const connectionIds = new Set(
    rows.flatMap(({ user }) =>
      [user.identity, ...user.linkedIdentities].map(({ connectionId }) => connectionId),
    ),
  );
  // Every row that these rows refer to is inserted with them, but for the connections.
  await holdConnections(transaction, connectionIds);
  await skipReferenceChecks(transaction, true);
  const records = rows.map(({ record }) => record);
  for (const [table, columns] of Object.entries(copiedTables)) {
    const name = table as keyof typeof copiedTables; // Object.entries forgets the keys' type
    const pieces = lines[name].take(records);
    await bulk.copy(
      table,
      columns,
      name === 'user_search_values' && sortsValues ? sortLines(pieces) : pieces,
    );
  }
  await skipReferenceChecks(transaction, false);
}

function sortLines(pieces: readonly Buffer[]): string[] {
  const lines = Buffer.concat(pieces).toString('utf8').split('\n');
  lines.pop(); // what is behind the last line end
  return lines.sort();
}

/** Keeps the fates of a batch: one line each in the report, and what failed where it can be asked for. */
export async function recordFates(
  bulk: BulkConnection,
  transaction: Database,
  jobId: string,
  report: { readonly fileId: number; readonly size: number },
  fates: readonly RowFate[],
): Promise<number> {
  const failed = fates.filter((fate) => fate.fate === 'failed');
  await bulk.copy(
    'job_errors',
    ['job_id', '"row"', 'line', '"user"', 'errors'],
    failed.map(({ row, line, source = {}, errors = [] }) =>
      toCopyLine([jobId, row, line, JSON.stringify(maskRow(source)), JSON.stringify(errors)]),
    ),
  );
  if (fates.length === 0) return report.size;
  const lines = fates.map(({ row, line, fate, userId, ignored, errors }) =>
    JSON.stringify({ row, line, fate, user_id: userId, ignored, errors }),
  );
  const content = Buffer.from(`${lines.join('\n')}\n`);
  const size = await appendToFile(transaction, report.fileId, report.size, content, { isCompressible: true });
  if (size === undefined) throw new Error('the report of the import is not where its checkpoint says');
  return size;
}

/** What the events of an import have in common: who asked for it. */
export function describeImport(job: Job): LogEvent {
  const { clientId, clientName, ip, userAgent } = job.caller;
  return {
    type: 'sapi',
    description: 'Import users',
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientName === undefined ? {} : { clientName }),
    ...(ip === undefined ? {} : { ip }),
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(job.connection === undefined ? {} : { connection: job.connection }),
    ...(job.connectionId === undefined ? {} : { connectionId: job.connectionId }),
    details: { job_id: job.id },
  };
}

/** One event for the rows of a batch: a million of their own would bury the log. */
export async function logBatch(
  transaction: Database,
  event: LogEvent,
  fates: readonly RowFate[],
  summary: Readonly<Record<string, number>>,
): Promise<void> {
  const [first] = fates;
  const last = fates.at(-1);
  if (!first || !last) return;
  const details = { ...event.details, rows: { from: first.row, to: last.row }, ...summary };
  await appendLogEvent(transaction, { ...event, details });
}
