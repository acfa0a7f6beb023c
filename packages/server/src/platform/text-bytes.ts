/** Bytes at first, and from which on they are given back with the text in them. */
const firstCapacity = 64 * 1024;
const keptCapacity = 4 * 1024 * 1024;

/**
 * Many pieces of text as the UTF-8 bytes that are sent or packed, in memory that is used again: as text they would wait on the
 * heap, where the collector copies them twice before it knows that they stay, and would be joined a second time.
 */
export class TextBytes {
  #bytes = Buffer.allocUnsafeSlow(firstCapacity);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(text: string): void {
    const longest = text.length * 3; // UTF-8 of a UTF-16 unit
    if (this.#size + longest > this.#bytes.length) this.#grow(this.#size + longest);
    this.#size += this.#bytes.write(text, this.#size, 'utf8');
  }

  /** What was added, or a part of it, until the next `clear`. */
  read(start = 0, end = this.#size): Buffer {
    return this.#bytes.subarray(start, end);
  }

  clear(): void {
    this.#size = 0;
    if (this.#bytes.length > keptCapacity) this.#bytes = Buffer.allocUnsafeSlow(firstCapacity);
  }

  #grow(least: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(least, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#size);
    this.#bytes = grown;
  }
}
