import { availableParallelism } from 'node:os';

/** Threads that libuv shares between hashes, signatures, files and name look-ups of this process. */
const threads = Number(process.env['UV_THREADPOOL_SIZE']) || 4;

/** More hashes at once than there are processors only slow each other down, and one thread is left to everything else. */
const width = Math.max(1, Math.min(availableParallelism(), threads - 1));

const waiting: (() => void)[] = [];
let running = 0;

/** Lets the process compute a few hashes of passwords at a time; the others wait in order. */
export async function takeTurn<Value>(compute: () => Promise<Value>): Promise<Value> {
  if (running < width) running++;
  else await new Promise<void>((begin) => waiting.push(begin));
  try {
    return await compute();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
