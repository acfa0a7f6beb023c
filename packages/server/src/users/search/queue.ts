import { SearchAbandonedError, SearchOverloadError } from './errors.ts';

export interface Queue {
  /**
   * Waits for a turn, works, and passes the turn on.
   * @param deadline on the clock of `performance.now()`
   * @param signal aborted when nobody waits for the answer any more
   * @throws SearchOverloadError when too many wait, or the deadline passes first, SearchAbandonedError
   */
  run<Value>(deadline: number, work: () => Promise<Value>, signal?: AbortSignal): Promise<Value>;
}

/** Lets `width` searches work at a time; the others wait in order, as many as `mostWaiting`. */
export function createQueue(width: number, mostWaiting: number): Queue {
  let running = 0;
  const waiting = new Set<() => void>();

  const waitForTurn = (deadline: number, signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      const settle = () => {
        waiting.delete(begin);
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
      };
      const begin = () => {
        settle();
        resolve();
      };
      const leave = () => {
        settle();
        reject(new SearchAbandonedError());
      };
      const timer = setTimeout(
        () => {
          settle();
          reject(new SearchOverloadError());
        },
        Math.max(0, deadline - performance.now()),
      );
      signal?.addEventListener('abort', leave);
      waiting.add(begin);
    });

  return {
    run: async (deadline, work, signal) => {
      if (signal?.aborted) throw new SearchAbandonedError();
      if (running < width) running++;
      else if (waiting.size >= mostWaiting) throw new SearchOverloadError();
      else await waitForTurn(deadline, signal);
      try {
        return await work();
      } finally {
        const [next] = waiting;
        if (next) next();
        else running--;
      }
    },
  };
}
