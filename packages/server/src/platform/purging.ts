/** Rows of one statement, which holds them until it has deleted them. */
const batch = 1_000;
/** Milliseconds between two rounds. */
const interval = 600_000;

/**
 * Deletes what is over, batch by batch.
 * @param deleteSome deletes up to so many, and returns how many
 * @returns how many went
 */
export async function purgeInBatches(deleteSome: (limit: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const gone = await deleteSome(batch);
    total += gone;
    if (gone < batch) return total;
  }
}

/**
 * Purges now and every few minutes; a round that fails is made up for by the next.
 * @returns a `stop` that waits for the round under way
 */
export function startPurging(
  purge: () => Promise<unknown>,
  onFailure: (error: unknown) => void,
): { stop(): Promise<void> } {
  let purging = Promise.resolve();
  const begin = () => {
    purging = purge().then(() => undefined, onFailure);
  };
  begin();
  const timer = setInterval(begin, interval);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      return purging;
    },
  };
}
