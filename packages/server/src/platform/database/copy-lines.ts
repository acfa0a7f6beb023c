/** Bytes at first, and from which on they are given back with the lines in them. */
const firstCapacity = 64 * 1024;
const keptCapacity = 4 * 1024 * 1024;

/**
 * Lines of COPY for many records, as the bytes that are sent: as text they would wait for their batch on the heap, where the
 * collector copies them twice before it knows that they stay.
 */
export class CopyLines {
  #bytes = Buffer.allocUnsafeSlow(firstCapacity);
  #size = 0;
  /** Where the lines of each record end. */
  #ends: number[] = [];

  /** Adds the lines of the next record, each with its line end; none are an empty text. */
  add(lines: string): void {
    const longest = lines.length * 3; // UTF-8 of a UTF-16 unit
    if (this.#size + longest > this.#bytes.length) this.#grow(this.#size + longest);
    this.#size += this.#bytes.write(lines, this.#size, 'utf8');
    this.#ends.push(this.#size);
  }

  /** The lines of these records, by their numbers from 0 in ascending order, until the next `clear`. */
  take(records: readonly number[]): Buffer[] {
    const pieces: Buffer[] = [];
    let start = 0;
    let end = 0;
    const close = () => {
      if (end > start) pieces.push(this.#bytes.subarray(start, end));
    };
    for (const record of records) {
      const from = record === 0 ? 0 : (this.#ends[record - 1] ?? this.#size);
      if (from !== end) {
        close();
        start = from;
      }
      end = this.#ends[record] ?? this.#size;
    }
    close();
    return pieces;
  }

  /** Forgets all records. */
  clear(): void {
    this.#size = 0;
    this.#ends = [];
    if (this.#bytes.length > keptCapacity) this.#bytes = Buffer.allocUnsafeSlow(firstCapacity);
  }

  #grow(least: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(least, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#size);
    this.#bytes = grown;
  }
}
