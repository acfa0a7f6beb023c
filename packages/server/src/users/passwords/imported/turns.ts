import { setImmediate } from 'node:timers/promises';

/** Milliseconds of a turn: what a request that arrives meanwhile waits at most. */
const turnLength = 5;

/**
 * For computations on the thread that answers requests: a function to call between small steps, which lets other work
 * have its turn where this one has had its own.
 */
export function startTurns(): () => Promise<void> | undefined {
  let end = performance.now() + turnLength;
  return () => {
    if (performance.now() < end) return undefined;
    return setImmediate().then(() => {
      end = performance.now() + turnLength;
    });
  };
}
