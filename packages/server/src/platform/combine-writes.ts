interface Waiting<Item, Result> {
  readonly item: Item;
  readonly settle: (result: Result) => void;
  readonly reject: (cause: unknown) => void;
}

/** Items of one write at most. */
const largestBatch = 100;

/** Writes under way at most: while one waits for the disk, another is computed. */
const writesAtOnce = 2;

/**
 * Lets small writes that arrive while others are under way share the next: one statement and one commit for all of them. A
 * write goes out at once where nothing holds it up; nobody is told before their own item is written.
 * @param write writes all items or none; one result for each, in their order
 */
export function combineWrites<Item, Result>(
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let underWay = 0;
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
    underWay++;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, largestBatch);
      waiting = waiting.slice(largestBatch);
      await writeBatch(batch);
    }
    underWay--;
  };
  return (item) =>
    new Promise((settle, reject) => {
      waiting.push({ item, settle, reject });
      if (underWay < writesAtOnce) void writeAll();
    });
}
