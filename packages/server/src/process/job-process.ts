import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../platform/database/database.ts';
import { hasOpenJobs } from '../platform/jobs/index.ts';
import { hasPostponedIndexes } from '../users/index.ts';
import type { WorkerOrder } from './workers.ts';

/** Rows come and go by the thousand: a young generation that holds a batch, and no room to let the garbage pile up. */
const heapSettings = ['--max-semi-space-size=16', '--max-old-space-size=256'];
/** As this file: `.ts` among the sources, `.js` in a release. */
const program = new URL(`../jobs-main${extname(import.meta.filename)}`, import.meta.url);
/** Milliseconds between two looks for work: half of it is what somebody waits beyond the start of the process. */
const pollInterval = 250;
/** Milliseconds before a process that failed is followed by another one, twice as many each further time, up to these. */
const shortestPause = 2_000;
const longestPause = 60_000;

/**
 * Keeps a process that works on jobs while there are any: their memory and their time are not those of requests. One
 * that dies is replaced, and goes on where it was.
 */
export function startJobProcess(
  database: Database,
  order: WorkerOrder,
  logger: Logger,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let child: ChildProcess | undefined;
  const loop = async () => {
    let pause = pollInterval;
    while (!stopping.signal.aborted) {
      try {
        if (await hasWork(database)) {
          child = startChild(order);
          const [code, signal] = await once(child, 'exit');
          child = undefined;
          if (code === 0) pause = pollInterval;
          else if (!stopping.signal.aborted) {
            logger.error({ code, signal }, 'the process that works on jobs died and is replaced');
            pause = Math.min(Math.max(pause * 2, shortestPause), longestPause);
          }
        }
      } catch (error) {
        logger.warn({ err: error }, 'open jobs could not be looked for; trying again');
      }
      await wait(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  return {
    stop: async () => {
      stopping.abort();
      child?.kill('SIGTERM');
      await ended;
    },
  };
}

async function hasWork(database: Database): Promise<boolean> {
  return (await hasOpenJobs(database)) || (await hasPostponedIndexes(database));
}

function startChild(order: WorkerOrder): ChildProcess {
  const child = fork(program, {
    execArgv: [...process.execArgv, ...heapSettings],
  });
  // A child that dies before it reads its order is noticed by its exit.
  child.on('error', () => undefined);
  child.send(order, () => undefined);
  return child;
}
