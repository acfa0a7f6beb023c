import { isUtf8 } from 'node:buffer';
import type { RowPlace } from './apply-batch.ts';
import { type RawRow, RowBytes, type RowScanner } from './raw-row.ts';

const newline = 0x0a;
const quote = 0x22;

/**
 * Rows that end with a line: one JSON object each, or CSV records, in which quoted line ends do not count. Lines of
 * nothing but spaces are no rows.
 */
export class LineScanner implements RowScanner {
  readonly problem = undefined;
  #number: number;
  #line: number;
  #offset: number;
  #rowLine: number;
  #isInQuotes = false;
  readonly #bytes: RowBytes;
  readonly #columns: readonly string[] | undefined;

  /** @param columns the header of CSV; absent: lines are JSON */
  constructor(from: RowPlace, longestRow: number, columns?: readonly string[]) {
    this.#number = from.row;
    this.#line = from.line;
    this.#rowLine = from.line;
    this.#offset = from.offset;
    this.#bytes = new RowBytes(longestRow);
    this.#columns = columns;
  }

  push(piece: Buffer): readonly RawRow[] {
    const rows: RawRow[] = [];
    let start = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, end + 1)) {
      this.#line++;
      if (this.#columns && this.#closesQuotes(piece, start, end)) continue;
      this.#bytes.add(piece.subarray(start, end));
      this.#offset += end + 1 - start;
      rows.push(...this.#finish());
      start = end + 1;
    }
    const rest = piece.subarray(start);
    if (this.#columns) this.#countQuotes(rest, 0, rest.length);
    this.#quotesCounted = 0;
    this.#bytes.add(rest);
    this.#offset += rest.length;
    return rows;
  }

  end(): readonly RawRow[] {
    return this.#bytes.size > 0 ? this.#finish() : [];
  }

  /** Index in the piece up to which quotes were counted. */
  #quotesCounted = 0;

  /** @returns whether the line end at `end` stands inside quotes */
  #closesQuotes(piece: Buffer, start: number, end: number): boolean {
    this.#countQuotes(piece, Math.max(start, this.#quotesCounted), end);
    this.#quotesCounted = end;
    return this.#isInQuotes;
  }

  #countQuotes(piece: Buffer, start: number, end: number): void {
    for (
      let at = piece.indexOf(quote, Math.max(start, this.#quotesCounted));
      at >= 0 && at < end;
      at = piece.indexOf(quote, at + 1)
    )
      this.#isInQuotes = !this.#isInQuotes;
  }

  #finish(): RawRow[] {
    const { bytes, size } = this.#bytes.take();
    const line = this.#rowLine;
    this.#rowLine = this.#line;
    this.#isInQuotes = false;
    const text = bytes && isUtf8(bytes) ? bytes.toString('utf8').replace(/\r$/, '') : undefined;
    if (text !== undefined && text.trim() === '') return [];
    const number = this.#number++;
    return [
      {
        number,
        line,
        text,
        size,
        next: { row: number + 1, line: this.#line, offset: this.#offset },
        ...(this.#columns ? { columns: this.#columns } : {}),
      },
    ];
  }
}
