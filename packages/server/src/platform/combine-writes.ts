interface Waiting<Item, Result> {
  readonly item: Item;
  readonly settle: (result: Result) => void;
  readonly reject: (cause: unknown) => void;
}

/** Items of one write at most. */
const largestBatch = 100;

/**
 * Lets small writes that arrive in the same turn of the event loop, or while another write is under way, share one: one
 * statement and one commit for all of them. Two at a time were tried: smaller writes, more of them, and fewer items a
 * second. Nobody is told before their own item is written.
 * @param write writes all items or none; one result for each, in their order
 */
export function combineWrites<Item, Result>(
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let isWriting = false;
  const writeBatch = async (batch: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await write(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error('a write of several items lost some of them');
      for (const [index, result] of results.entries()) batch[index]?.settle(result);
    } catch (cause) {
      if (batch.length === 1) return batch[0]?.reject(cause);
      // What is wrong with one of them is not the others' fault.
      for (const one of batch) await writeBatch([one]);
    }
  };
  const writeAll = async (): Promise<void> => {
    isWriting = true;
    // What else this turn of the event loop brings comes along.
    await new Promise((settle) => setImmediate(settle));
    while (waiting.length > 0) {
      const batch = waiting.slice(0, largestBatch);
      waiting = waiting.slice(largestBatch);
      await writeBatch(batch);
    }
    isWriting = false;
  };
  return (item) =>
    new Promise((settle, reject) => {
      waiting.push({ item, settle, reject });
      if (!isWriting) void writeAll();
    });
}
