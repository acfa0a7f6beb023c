/** Characters of one row, which is kept whole while it is mapped: what the server takes of a row, in bytes. */
const longestRow = 16 * 1024 * 1024;

/** @throws RangeError for a row without an end, before it fills the memory */
export function assertRowLength(length: number): void {
  if (length > longestRow)
    throw new RangeError(`A row is longer than ${longestRow} characters, or never ends.`);
}
