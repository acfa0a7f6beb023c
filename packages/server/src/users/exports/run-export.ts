import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { BulkConnection } from '../../platform/database/bulk-connection.ts';
import { type CopyRow, readCopyRows } from '../../platform/database/copy-rows.ts';
import type { Database } from '../../platform/database/database.ts';
import {
  advanceJob,
  appendToFile,
  completeFile,
  type HoldsScopes,
  insertFile,
  type Job,
  type JobContext,
  type JobHandler,
  type JobOutcome,
  scopesLost,
  setJobFile,
} from '../../platform/jobs/index.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { TextBytes } from '../../platform/text-bytes.ts';
import { toImportable } from '../passwords/imported/index.ts';
import type { Presentation } from '../present-user.ts';
import { compileSearch, defaultSort, parseSortOrder, type UserSearch } from '../search/index.ts';
import { readExportColumns } from './export-fields.ts';
import {
  type ExportCheckpoint,
  type ExportParameters,
  parseExportCheckpoint,
  parseExportParameters,
} from './export-job.ts';
import { ExportedUser } from './exported-user.ts';
import {
  type CellName,
  copyUsersAfter,
  copyUsersById,
  countUsers,
  listCredentials,
} from './exports-store.ts';
import { compileColumns } from './read-columns.ts';
import { createCsvWriter, createJsonWriter, type RowWriter } from './write-rows.ts';

export interface ExportDependencies {
  readonly database: Database;
  readonly search: UserSearch;
  readonly secrets: SecretBox;
  readonly presentation: Presentation;
  readonly holdsScopes: HoldsScopes;
}

/**
 * Users and bytes of a step, about, whichever is reached first: few enough to be forgotten before they count as long-lived.
 * Profiles may be a thousand times larger than is usual.
 */
const stepRows = 1_500;
const stepSize = 8 * 1024 * 1024;
/** Users that one statement reads, and that one search finds. */
const statementRows = 30_000;
const searchRows = 1_500;
/** Level 3 of zlib: half the time of the default for a twelfth more bytes. */
const gzipOptions = { level: 3, memLevel: 9, chunkSize: 256 * 1024 };

const compress = promisify(gzip);

/** The handler of `users_export` jobs. */
export function createExportHandler(dependencies: ExportDependencies): JobHandler {
  return (job, context) => runExport(dependencies, job, context);
}

/**
 * Writes users in order of their ids, or as a search finds and sorts them, each once: users that come or go meanwhile, or change
 * what they are sorted by, may be in the file or not. Every step adds one member to the gzip file (RFC 1952 §2.2) and moves the checkpoint with it.
 */
async function runExport(
  dependencies: ExportDependencies,
  job: Job,
  context: JobContext,
): Promise<JobOutcome> {
  const parameters = parseExportParameters(job.parameters);
  const fields = readExportColumns(parameters);
  if (!fields.isValid) return { status: 'failed', details: `${fields.name} is not the path of a field.` };
  const { columns, cells } = compileColumns(fields.columns, dependencies.presentation);
  const writer = (parameters.format === 'csv' ? createCsvWriter : createJsonWriter)(columns);
  const reading = await context.connect();
  try {
    const source = createSource(dependencies, job, parameters, { session: reading, cells });
    const checkpoint = job.checkpoint
      ? parseExportCheckpoint(job.checkpoint)
      : await begin(context, job, parameters, writer, source);
    return await writeSteps(context, job, checkpoint, {
      writer,
      steps: readSteps(dependencies, source, parameters, checkpoint),
      isAllowed: async () => !parameters.scopes || dependencies.holdsScopes(job, parameters.scopes),
    });
  } finally {
    await reading.close();
  }
}

interface Writing {
  readonly steps: AsyncGenerator<ReadStep, undefined>;
  readonly writer: RowWriter;
  /** Whether whoever asked for the export still may. */
  readonly isAllowed: () => Promise<boolean>;
}

/** Three steps are under way at a time: users are read while those before them are packed and those before written. */
async function writeSteps(
  context: JobContext,
  job: Job,
  begun: ExportCheckpoint,
  { steps, writer, isAllowed }: Writing,
): Promise<JobOutcome> {
  let checkpoint = begun;
  const text = new TextBytes();
  let upcoming = steps.next();
  let packing: Promise<PackedStep> | undefined;
  for (;;) {
    const { value: read } = await upcoming;
    if (read) {
      upcoming = steps.next();
      upcoming.catch(() => undefined);
    }
    const packed = await packing;
    packing = read && packStep(read, writer, text);
    packing?.catch(() => undefined);
    if (packed) {
      if (!(await isAllowed())) return { status: 'failed', details: scopesLost };
      const next = {
        ...packed.place,
        fileId: checkpoint.fileId,
        size: checkpoint.size + packed.content.length,
      };
      const advanced = await writeStep(context, job, checkpoint, next, packed.content);
      checkpoint = next;
      if (advanced.isCancellationAsked) return { status: 'cancelled' };
      if (context.signal.aborted) return undefined;
    }
    if (!packing) break;
  }
  await completeFile(context.connection.database, checkpoint.fileId, checkpoint.written);
  return { status: 'completed' };
}

/** A place among the users to export. */
type Place = Pick<ExportCheckpoint, 'after' | 'afterFound' | 'written'>;

/** Users as they are read, each with `user_id` first, and their bytes together. */
interface Piece {
  readonly rows: readonly CopyRow[];
  readonly size: number;
  /** Where the users behind them begin. */
  readonly place: Omit<Place, 'written'>;
}

interface Source {
  /** The users behind a place, so many at most. */
  read(place: Place, limit: number): AsyncIterable<Piece>;
  count(): Promise<number>;
}

/** What users are read by: a session of its own, and which cells. */
interface Reading {
  readonly session: BulkConnection;
  readonly cells: readonly CellName[];
}

function createSource(
  { database, search }: ExportDependencies,
  job: Job,
  { q, sort: order }: Pick<ExportParameters, 'q' | 'sort'>,
  reading: Reading,
): Source {
  if (q === undefined && order === undefined) {
    const connectionId = job.connectionId;
    return {
      read: (place, limit) => readInOrderOfIds(database, reading, connectionId, place, limit),
      count: () => countUsers(database, connectionId),
    };
  }
  const sort = (order === undefined ? undefined : parseSortOrder(order)) ?? defaultSort;
  const request = { node: compileSearch(q, job.connection), sort, offset: 0 };
  const find = (after: Place['afterFound']) =>
    search.find({ ...request, limit: searchRows, wantsTotal: false, ...(after ? { after } : {}) });
  return {
    read: async function* ({ afterFound }, limit) {
      let upcoming = find(afterFound);
      for (let left = limit; left > 0; ) {
        const found = await upcoming;
        const last = found.rows.at(-1);
        if (!last) return;
        // The next ones are looked for while these are read.
        upcoming = find({ key: last.key, id: last.id });
        upcoming.catch(() => undefined);
        const places = new Map(found.rows.map(({ userId, key, id }) => [userId, { key, id }]));
        const userIds = found.rows.slice(0, left).map(({ userId }) => userId);
        const statement = copyUsersById(database, reading.cells, userIds);
        for await (const piece of readCopyRows(reading.session.copyOut(statement))) {
          const afterFound = places.get(piece.rows.at(-1)?.[0] ?? '');
          if (!afterFound) throw new Error('a user was read that was not found');
          left -= piece.rows.length;
          yield { ...piece, place: { afterFound } };
        }
      }
    },
    count: async () => (await search.find({ ...request, limit: 1, wantsTotal: true })).total ?? 0,
  };
}

/** By one statement after the other: one for all would keep PostgreSQL from tidying up for as long as it takes. */
async function* readInOrderOfIds(
  database: Database,
  { session, cells }: Reading,
  connectionId: string | undefined,
  place: Place,
  limit: number,
): AsyncGenerator<Piece> {
  let { after = '' } = place;
  for (let left = limit; left > 0; ) {
    const wanted = Math.min(statementRows, left);
    let read = 0;
    const statement = copyUsersAfter(database, cells, { after, limit: wanted, connectionId });
    for await (const piece of readCopyRows(session.copyOut(statement))) {
      read += piece.rows.length;
      after = piece.rows.at(-1)?.[0] ?? after;
      yield { ...piece, place: { after } };
    }
    if (read < wanted) return;
    left -= read;
  }
}

async function begin(
  { connection: { database } }: JobContext,
  job: Job,
  parameters: ExportParameters,
  writer: RowWriter,
  source: Source,
): Promise<ExportCheckpoint> {
  const total = Math.min(await source.count(), parameters.limit ?? Number.POSITIVE_INFINITY);
  const content = await compress(writer.header, gzipOptions);
  return database.transaction().execute(async (transaction) => {
    const fileId = await insertFile(transaction, { kind: 'result' });
    await setJobFile(transaction, job.id, 'result', fileId);
    const size = await appendToFile(transaction, fileId, 0, content, { isCompressible: false });
    const checkpoint = { fileId, size: size ?? 0, written: 0 };
    const step = await advanceJob(transaction, job.id, 0, { checkpoint, done: 0, total });
    if (!step) throw new Error('another process works on this export');
    return checkpoint;
  });
}

interface ReadStep {
  readonly users: readonly ExportedUser[];
  /** Where the users behind them begin. */
  readonly place: Place;
}

interface PackedStep {
  /** A gzip member, or nothing. */
  readonly content: Buffer;
  readonly place: Place;
}

/** The users behind a place, step by step. */
async function* readSteps(
  dependencies: ExportDependencies,
  source: Source,
  { limit = Number.POSITIVE_INFINITY, includesCredentials }: ExportParameters,
  from: Place,
): AsyncGenerator<ReadStep, undefined> {
  let { written } = from;
  let rows: CopyRow[] = [];
  let size = 0;
  let last: Piece['place'] | undefined;
  const take = async (place: Piece['place']): Promise<ReadStep> => {
    const userIds = rows.map(([userId = '']) => userId);
    const credentials = includesCredentials ? await readCredentials(dependencies, userIds) : undefined;
    const users = rows.map((cells) => new ExportedUser(cells, credentials?.get(cells[0] ?? '')));
    written += rows.length;
    rows = [];
    size = 0;
    return { users, place: { ...place, written } };
  };
  for await (const piece of source.read(from, limit - written)) {
    for (const row of piece.rows) rows.push(row);
    size += piece.size;
    last = piece.place;
    if (rows.length >= stepRows || size >= stepSize) yield await take(last);
  }
  if (last && rows.length > 0) yield await take(last);
}

/** @param text empty; for nothing else until the step is packed */
async function packStep({ users, place }: ReadStep, writer: RowWriter, text: TextBytes): Promise<PackedStep> {
  for (const user of users) text.add(writer.write(user));
  const content = text.size === 0 ? Buffer.alloc(0) : await compress(text.read(), gzipOptions);
  text.clear();
  return { content, place };
}

/** Hashes and factors as an import takes them. */
async function readCredentials(
  { database, secrets }: ExportDependencies,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Record<string, unknown>>> {
  const stored = await listCredentials(database, userIds);
  return new Map(
    Array.from(stored, ([userId, { hash, factors }]) => [
      userId,
      {
        ...(hash ? toImportable(hash) : {}),
        ...(factors.length === 0
          ? {}
          : {
              mfa_factors: factors.map(({ kind, value, secret }) =>
                kind === 'totp'
                  ? { totp: { secret: secret ? secrets.decrypt(secret, `factor of ${userId}`) : '' } }
                  : { [kind]: { value } },
              ),
            }),
      },
    ]),
  );
}

async function writeStep(
  { connection: { database } }: JobContext,
  job: Job,
  checkpoint: ExportCheckpoint,
  next: ExportCheckpoint,
  content: Buffer,
): Promise<{ isCancellationAsked: boolean }> {
  return database.transaction().execute(async (transaction) => {
    const options = { isCompressible: false };
    const size =
      content.length === 0
        ? checkpoint.size
        : await appendToFile(transaction, checkpoint.fileId, checkpoint.size, content, options);
    const step = await advanceJob(transaction, job.id, checkpoint.written, {
      checkpoint: next,
      done: next.written,
    });
    if (!step || size !== next.size) throw new Error('another process works on this export');
    return step;
  });
}
