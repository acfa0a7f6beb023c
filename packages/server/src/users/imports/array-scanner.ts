import { isUtf8 } from 'node:buffer';
import type { RowPlace } from './apply-batch.ts';
import { type RawRow, RowBytes, type RowScanner } from './raw-row.ts';

const byte = {
  tab: 0x09,
  newline: 0x0a,
  return: 0x0d,
  space: 0x20,
  quote: 0x22,
  comma: 0x2c,
  openArray: 0x5b,
  backslash: 0x5c,
  closeArray: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

type State = 'before-array' | 'before-first' | 'before-value' | 'in-value' | 'after-value' | 'after-array';

/**
 * Follows the structure of a JSON array without parsing its elements: strings, escapes and depth. What an element holds
 * is the caller's to judge, so one that is not JSON costs its own row only.
 */
export class ArrayScanner implements RowScanner {
  problem: string | undefined;
  #state: State;
  #number: number;
  #line: number;
  /** Bytes of the file before the piece that is scanned. */
  #before: number;
  #lineStart: number;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #rowLine = 1;
  #rowOffset = 0;
  readonly #bytes: RowBytes;

  /** @param from the place of the next row; behind the first one the array is open already */
  constructor(from: RowPlace, longestRow: number) {
    this.#state = from.offset === 0 ? 'before-array' : 'after-value';
    this.#number = from.row;
    this.#line = from.line;
    this.#before = from.offset;
    this.#lineStart = from.offset;
    this.#bytes = new RowBytes(longestRow);
  }

  get open(): { row: number; line: number } {
    return { row: this.#number, line: this.#state === 'in-value' ? this.#rowLine : this.#line };
  }

  push(piece: Buffer): readonly RawRow[] {
    const rows: RawRow[] = [];
    let start = 0;
    for (let index = 0; index < piece.length && this.problem === undefined; index++) {
      const code = piece[index] ?? 0;
      if (this.#state === 'in-value') {
        const end = this.#scanValue(piece, index);
        if (end === undefined) {
          this.#bytes.add(piece.subarray(start));
          index = piece.length;
        } else {
          this.#bytes.add(piece.subarray(start, end));
          rows.push(this.#finish(this.#before + end));
          index = end - 1;
        }
        continue;
      }
      if (code === byte.newline) {
        this.#line++;
        this.#lineStart = this.#before + index + 1;
      }
      if (code === byte.space || code === byte.newline || code === byte.return || code === byte.tab) continue;
      if (this.#startsValue(code, index)) {
        start = index;
        index--;
      }
    }
    this.#before += piece.length;
    return rows;
  }

  end(): readonly RawRow[] {
    if (this.problem !== undefined || this.#state === 'after-array') return [];
    this.problem =
      this.#state === 'in-value'
        ? `Row ${this.#number}, line ${this.#rowLine}, byte ${this.#rowOffset}: the file ends inside the row${this.#isInString ? ', in a string that is not closed' : ''}.`
        : `Row ${this.#number}, line ${this.#line}, byte ${this.#before}: the file ends before the array is closed; expected ${this.#state === 'after-value' ? '"," or "]"' : 'an object'}.`;
    return [];
  }

  /** Moves on at a byte between values. @returns whether a value begins here */
  #startsValue(code: number, index: number): boolean {
    switch (this.#state) {
      case 'before-array':
        if (code === byte.openArray) this.#state = 'before-first';
        else this.#refuse(index, '"["');
        return false;
      case 'after-value':
        if (code === byte.comma) this.#state = 'before-value';
        else if (code === byte.closeArray) this.#state = 'after-array';
        else this.#refuse(index, '"," or "]"');
        return false;
      case 'after-array':
        this.#refuse(index, 'the end of the file');
        return false;
      default:
        if (code === byte.closeArray && this.#state === 'before-first') {
          this.#state = 'after-array';
          return false;
        }
        if (code === byte.comma || code === byte.closeArray || code === byte.closeObject) {
          this.#refuse(index, 'an object');
          return false;
        }
        this.#state = 'in-value';
        this.#rowLine = this.#line;
        this.#rowOffset = this.#before + index;
        return true;
    }
  }

  /** @returns the index behind the value, if it ends in this piece */
  #scanValue(piece: Buffer, from: number): number | undefined {
    let depth = this.#depth;
    let isInString = this.#isInString;
    let isEscaped = this.#isEscaped;
    let end: number | undefined;
    for (let index = from; index < piece.length; index++) {
      const code = piece[index];
      if (code === byte.newline) {
        this.#line++;
        this.#lineStart = this.#before + index + 1;
      }
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (code === byte.backslash) isEscaped = true;
        else if (code === byte.quote) isInString = false;
        continue;
      }
      if (code === byte.quote) isInString = true;
      else if (code === byte.openObject || code === byte.openArray) depth++;
      else if (code === byte.closeObject || code === byte.closeArray) {
        // A scalar ends where the array does.
        if (depth === 0) {
          end = index;
          break;
        }
        depth--;
        if (depth === 0) {
          end = index + 1;
          break;
        }
      } else if (code === byte.comma && depth === 0) {
        end = index;
        break;
      }
    }
    this.#depth = end === undefined ? depth : 0;
    this.#isInString = end === undefined && isInString;
    this.#isEscaped = end === undefined && isEscaped;
    return end;
  }

  #finish(offset: number): RawRow {
    const { bytes, size } = this.#bytes.take();
    const row: RawRow = {
      number: this.#number,
      line: this.#rowLine,
      text: bytes && isUtf8(bytes) ? bytes.toString('utf8') : undefined,
      size,
      next: { row: this.#number + 1, line: this.#line, offset },
    };
    this.#number++;
    this.#state = 'after-value';
    return row;
  }

  #refuse(index: number, expected: string): void {
    const offset = this.#before + index;
    const column = offset - this.#lineStart + 1;
    this.problem = `Row ${this.#number}, line ${this.#line}, column ${column}, byte ${offset}: expected ${expected}.`;
  }
}
