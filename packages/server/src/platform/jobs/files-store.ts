import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Bytes of a block at most, before compression. */
export const blockSize = 1024 * 1024;

export interface JobFile {
  readonly id: number;
  readonly kind: 'upload' | 'result' | 'report';
  /** Subject of the token that made it. */
  readonly owner: string | undefined;
  /** Bytes that are there. */
  readonly size: number;
  /** Bytes that were announced. */
  readonly expectedSize: number | undefined;
  readonly isComplete: boolean;
  readonly rowCount: number | undefined;
}

interface FileRow {
  file_id: number;
  kind: 'upload' | 'result' | 'report';
  owner: string | null;
  size: number;
  expected_size: number | null;
  is_complete: boolean;
  row_count: number | null;
}

/** Makes an empty file in the database: every process of an installation can read it. */
export async function insertFile(
  database: Database,
  file: { kind: JobFile['kind']; owner?: string; expectedSize?: number | undefined },
): Promise<number> {
  const { rows } = await sql<{ file_id: number }>`
    INSERT INTO job_files (kind, owner, expected_size) VALUES (${file.kind}, ${file.owner ?? null}, ${file.expectedSize ?? null})
    RETURNING file_id`.execute(database);
  const [row] = rows;
  if (!row) throw new Error('the insert of a file returned no row');
  return row.file_id;
}

export async function findFile(database: Database, id: number): Promise<JobFile | undefined> {
  const { rows } = await sql<FileRow>`SELECT * FROM job_files WHERE file_id = ${id}`.execute(database);
  const [row] = rows;
  return (
    row && {
      id: row.file_id,
      kind: row.kind,
      owner: row.owner ?? undefined,
      size: row.size,
      expectedSize: row.expected_size ?? undefined,
      isComplete: row.is_complete,
      rowCount: row.row_count ?? undefined,
    }
  );
}

/**
 * Adds bytes behind what is there.
 * @param start bytes that the file must have now
 * @returns the size afterwards; undefined when the file has another size, or is gone: nothing was added then
 */
export async function appendToFile(
  database: Database,
  id: number,
  start: number,
  content: Buffer,
  options: { isCompressible: boolean },
): Promise<number | undefined> {
  const packed = options.isCompressible ? await compress(content) : content;
  const isSmaller = packed.length < content.length;
  const size = start + content.length;
  const { rows } = await sql`
    WITH file AS (
      UPDATE job_files SET size = ${size}, touched_at = now() WHERE file_id = ${id} AND size = ${start} AND NOT is_complete
      RETURNING file_id
    )
    INSERT INTO job_file_blocks (file_id, number, "start", size, is_compressed, content)
    SELECT file_id, (SELECT coalesce(max(number), -1) + 1 FROM job_file_blocks WHERE file_id = ${id}),
      ${start}::bigint, ${content.length}::integer, ${isSmaller}::boolean, ${isSmaller ? packed : content}::bytea
    FROM file RETURNING number`.execute(database);
  return rows.length === 1 ? size : undefined;
}

/** Closes the file: nothing can be added any more. */
export async function completeFile(database: Database, id: number, rowCount?: number): Promise<void> {
  await sql`UPDATE job_files SET is_complete = true, touched_at = now(), row_count = ${rowCount ?? null} WHERE file_id = ${id}`.execute(
    database,
  );
}

/** Lets one transaction after the other decide what becomes of a file. */
export async function holdFile(transaction: Database, id: number): Promise<void> {
  await sql`SELECT FROM job_files WHERE file_id = ${id} FOR UPDATE`.execute(transaction);
}

export async function deleteFile(database: Database, id: number): Promise<void> {
  await sql`DELETE FROM job_files WHERE file_id = ${id}`.execute(database);
}

/** The file's bytes from `offset` on, a block at a time. */
export async function* readFileFrom(database: Database, id: number, offset = 0): AsyncGenerator<Buffer> {
  const found = await sql<{ number: number | null }>`
    SELECT max(number) AS number FROM job_file_blocks WHERE file_id = ${id} AND "start" <= ${offset}`.execute(
    database,
  );
  for (let number = found.rows[0]?.number ?? 0; ; number++) {
    const { rows } = await sql<{ start: number; content: Buffer; is_compressed: boolean }>`
      SELECT "start", content, is_compressed FROM job_file_blocks
      WHERE file_id = ${id} AND number = ${number}`.execute(database);
    const [row] = rows;
    if (!row) return;
    const content = row.is_compressed ? await decompress(row.content) : row.content;
    const rest = content.subarray(Math.max(0, offset - row.start));
    if (rest.length > 0) yield rest;
  }
}
