import { open, readFile } from 'node:fs/promises';
import { errorCode } from './error-code.ts';
import { DataFolderNotWritableError } from './errors.ts';

/** Puts a file's content, or a folder's entries, on disk, so that a power failure cannot take them back. */
export async function syncToDisk(path: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be opened there
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a new file and puts it on disk. */
export async function writeDurably(path: string, content: string, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @throws DataFolderNotWritableError for a file of another user */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined;
    if (errorCode(cause) !== 'EACCES') throw cause;
    throw new DataFolderNotWritableError(path, 'it belongs to another user, as after a start as root', {
      cause,
    });
  }
}

/** Whether a rename failed because its target exists; Windows says EPERM. */
export function isOccupied(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOTEMPTY' || code === 'EEXIST' || (code === 'EPERM' && process.platform === 'win32');
}
