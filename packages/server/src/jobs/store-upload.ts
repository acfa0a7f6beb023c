import type { Readable } from 'node:stream';
import type { Database } from '../platform/database/database.ts';
import {
  appendToFile,
  blockSize,
  completeFile,
  deleteFile,
  findFile,
  insertFile,
} from '../platform/jobs/index.ts';
import { FileTooLargeError, UploadConflictError } from './errors.ts';

/**
 * Stores a file as it arrives, a block at a time.
 * @returns its id and bytes
 * @throws FileTooLargeError; what was stored is deleted then, as after any other failure
 */
export async function storeUpload(
  database: Database,
  content: Readable,
  options: { readonly owner: string; readonly limit: number },
): Promise<{ id: number; size: number }> {
  const id = await insertFile(database, { kind: 'upload', owner: options.owner });
  try {
    const size = await appendAll(database, { id, size: 0 }, content, options.limit);
    await completeFile(database, id);
    return { id, size };
  } catch (error) {
    await deleteFile(database, id);
    throw error;
  }
}

/**
 * Adds everything that arrives to a file. What arrived before a failure stays.
 * @throws FileTooLargeError when it would have more than `limit` bytes, UploadConflictError when somebody else adds too
 */
export async function appendAll(
  database: Database,
  file: { readonly id: number; readonly size: number },
  content: Readable,
  limit: number,
): Promise<number> {
  let size = file.size;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  const write = async () => {
    const block = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    const next = await appendToFile(database, file.id, size, block, { isCompressible: !isGzip(block, size) });
    if (next === undefined) throw new UploadConflictError((await findFile(database, file.id))?.size ?? 0);
    size = next;
  };
  try {
    // A request is not destroyed with the reading of its body: its connection carries the refusal.
    for await (const piece of content.iterator({ destroyOnReturn: false })) {
      if (size + waitingBytes + piece.length > limit) throw new FileTooLargeError(limit);
      waiting.push(piece);
      waitingBytes += piece.length;
      if (waitingBytes >= blockSize) await write();
    }
  } finally {
    if (waitingBytes > 0) await write();
  }
  return size;
}

/** Blocks behind the first one of a gzip file do not show what they are; compressing them once more costs little. */
function isGzip(block: Buffer, start: number): boolean {
  return start === 0 && block[0] === 0x1f && block[1] === 0x8b;
}
