import { SearchOverloadError } from './errors.ts';

export interface Queue {
  /**
   * Waits for a turn, works, and passes the turn on.
   * @param deadline on the clock of `performance.now()`
   * @throws SearchOverloadError when too many wait, or the deadline passes first
   */
  run<Value>(deadline: number, work: () => Promise<Value>): Promise<Value>;
}

/** Lets `width` searches work at a time; the others wait in order, as many as `mostWaiting`. */
export function createQueue(width: number, mostWaiting: number): Queue {
  let running = 0;
  const waiting = new Set<() => void>();

  const waitForTurn = (deadline: number) =>
    new Promise<void>((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(
        () => {
          waiting.delete(begin);
          reject(new SearchOverloadError());
        },
        Math.max(0, deadline - performance.now()),
      );
      waiting.add(begin);
    });

  return {
    run: async (deadline, work) => {
      if (running < width) running++;
      else if (waiting.size >= mostWaiting) throw new SearchOverloadError();
      else await waitForTurn(deadline);
      try {
        return await work();
      } finally {
        const [next] = waiting;
        if (next) {
          waiting.delete(next);
          next();
        } else running--;
      }
    },
  };
}
