import { TextBytes } from '../text-bytes.ts';

/** Lines of COPY for many records, as the bytes that are sent. */
export class CopyLines {
  readonly #text = new TextBytes();
  /** Where the lines of each record end. */
  #ends: number[] = [];

  /** Adds the lines of the next record, each with its line end; none are an empty text. */
  add(lines: string): void {
    this.#text.add(lines);
    this.#ends.push(this.#text.size);
  }

  /** The lines of these records, by their numbers from 0 in ascending order, until the next `clear`. */
  take(records: readonly number[]): Buffer[] {
    const pieces: Buffer[] = [];
    let start = 0;
    let end = 0;
    const close = () => {
      if (end > start) pieces.push(this.#text.read(start, end));
    };
    for (const record of records) {
      const from = record === 0 ? 0 : (this.#ends[record - 1] ?? this.#text.size);
      if (from !== end) {
        close();
        start = from;
      }
      end = this.#ends[record] ?? this.#text.size;
    }
    close();
    return pieces;
  }

  /** Forgets all records. */
  clear(): void {
    this.#text.clear();
    this.#ends = [];
  }
}
