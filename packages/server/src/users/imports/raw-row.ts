import type { RowPlace } from './apply-batch.ts';

/** A row as it stands in the file, not yet parsed. */
export interface RawRow {
  /** From 1, and the line it begins at. */
  readonly number: number;
  readonly line: number;
  /** Its bytes as text; undefined where they are not UTF-8 or too many. */
  readonly text: string | undefined;
  /** Bytes. */
  readonly size: number;
  /** Where the row behind it begins. */
  readonly next: RowPlace;
  /** Of CSV: the header. */
  readonly columns?: readonly string[];
}

/** Finds rows in bytes that arrive in pieces, keeping no more than one row. */
export interface RowScanner {
  /** Rows that end in this piece. */
  push(piece: Buffer): readonly RawRow[];
  /** The row that ends with the file, if one does. */
  end(): readonly RawRow[];
  /** Why the rows cannot be followed any further. */
  readonly problem: string | undefined;
  /** Number and line of the row that is not at its end yet. */
  readonly open: Pick<RowPlace, 'row' | 'line'>;
}

/** Collects the bytes of one row across pieces, up to a limit. */
export class RowBytes {
  #parts: Buffer[] = [];
  #size = 0;
  readonly #limit: number;

  /** @param limit bytes; longer rows have no text */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  add(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > this.#limit) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  /** The row's bytes, forgotten here; undefined for a row beyond the limit. */
  take(): { bytes: Buffer | undefined; size: number } {
    const size = this.#size;
    const [only] = this.#parts;
    const bytes =
      size > this.#limit ? undefined : this.#parts.length === 1 ? only : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    return { bytes, size };
  }
}
