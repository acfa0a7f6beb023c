import { isUtf8 } from 'node:buffer';
import type { RowPlace } from './apply-batch.ts';
import { type RawRow, RowBytes, type RowScanner } from './raw-row.ts';

const newline = 0x0a;
const quote = 0x22;
const comma = 0x2c;

/**
 * Rows that end with a line: one JSON object each, or CSV records, in which quoted line ends do not count. Lines of
 * nothing but spaces are no rows.
 */
export class LineScanner implements RowScanner {
  problem: string | undefined;
  #number: number;
  #line: number;
  #offset: number;
  #rowLine: number;
  #isInQuotes = false;
  /** Whether a quote here opens a quoted cell: where a cell begins, and behind a quote, for two of them are one. */
  #mayOpenQuotes = true;
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

  get open(): { row: number; line: number } {
    return { row: this.#number, line: this.#rowLine };
  }

  push(piece: Buffer): readonly RawRow[] {
    const rows: RawRow[] = [];
    let start = 0;
    let followed = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, end + 1)) {
      this.#line++;
      if (this.#columns) {
        this.#followQuotes(piece, followed, end);
        followed = end + 1;
        if (this.#isInQuotes) continue;
      }
      this.#bytes.add(piece.subarray(start, end));
      this.#offset += end + 1 - start;
      rows.push(...this.#finish());
      start = end + 1;
    }
    if (this.#columns) this.#followQuotes(piece, followed, piece.length);
    const rest = piece.subarray(start);
    this.#bytes.add(rest);
    this.#offset += rest.length;
    return rows;
  }

  end(): readonly RawRow[] {
    if (this.#isInQuotes) {
      this.problem = `Row ${this.#number}, line ${this.#rowLine}: the file ends inside a quoted cell of this row; its closing quote is missing.`;
      return [];
    }
    return this.#bytes.size > 0 ? this.#finish() : [];
  }

  /** Notes whether quotes are open behind `end`. A quote within a cell that is not quoted is a character like others. */
  #followQuotes(piece: Buffer, start: number, end: number): void {
    let next = start;
    for (let at = piece.indexOf(quote, start); at >= 0 && at < end; at = piece.indexOf(quote, at + 1)) {
      if (at > next) this.#mayOpenQuotes = piece[at - 1] === comma;
      if (this.#isInQuotes) {
        this.#isInQuotes = false;
        this.#mayOpenQuotes = true;
      } else if (this.#mayOpenQuotes) this.#isInQuotes = true;
      next = at + 1;
    }
    if (end > next) this.#mayOpenQuotes = piece[end - 1] === comma;
  }

  #finish(): RawRow[] {
    const { bytes, size } = this.#bytes.take();
    const line = this.#rowLine;
    this.#rowLine = this.#line;
    this.#isInQuotes = false;
    this.#mayOpenQuotes = true;
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
