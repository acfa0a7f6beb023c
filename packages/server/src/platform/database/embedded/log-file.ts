import { open, rename, stat } from 'node:fs/promises';
import { errorCode } from './error-code.ts';

const rotationSize = 10 * 1024 * 1024;
const tailSize = 4096;
const tailLines = 12;

/** Sets a log that has grown large aside, as `….1`; PostgreSQL must not be running. */
export async function rotateLog(path: string): Promise<void> {
  if ((await logSize(path)) > rotationSize) await rename(path, `${path}.1`);
}

export async function logSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** The last lines of the log, of those written after its first `from` bytes. */
export async function readLogTail(path: string, from = 0): Promise<string> {
  const size = await logSize(path);
  const start = Math.max(from, size - tailSize);
  if (size <= start) return '';
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-tailLines).join('\n');
  } finally {
    await handle.close();
  }
}
