import { assertRowLength } from './row-length.ts';

/** One record of a CSV file: its text as it stands, and its cells unless its quotes do not fit. */
export interface CsvRecord {
  readonly text: string;
  readonly cells: readonly string[] | undefined;
}

/** The separator of a header line: spreadsheets of many countries write semicolons. */
export function findDelimiter(text: string): string {
  const header = text.slice(0, /\r?\n/.exec(text)?.index ?? text.length);
  const count = (delimiter: string) => header.split(delimiter).length;
  return [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}

/** A column's name: exports begin texts with a `'`, so that no spreadsheet takes them for formulas. */
export const readColumnName = (cell: string) => cell.replace(/^'/, '').trim();

/** Cuts a CSV file that comes in pieces into its records (RFC 4180), keeping no more than one of them. */
export class CsvSplitter {
  private readonly delimiter: string;
  private waiting = '';
  /** How far `waiting` was looked at. */
  private position = 0;
  private isQuoted = false;
  /** Behind the last quote that closed: one more there is a quote within the cell. */
  private closedAt = -1;

  constructor(delimiter: string) {
    this.delimiter = delimiter;
  }

  push(piece: string): CsvRecord[] {
    this.waiting += piece;
    const text = this.waiting;
    const records: CsvRecord[] = [];
    let start = 0;
    const signs = /["\n]/g;
    signs.lastIndex = this.position;
    for (let found = signs.exec(text); found; found = signs.exec(text)) {
      const { index } = found;
      if (found[0] === '"') {
        // Within a cell that does not begin with one, a quote is a character like others.
        const mayOpen = index === start || index === this.closedAt || text[index - 1] === this.delimiter;
        if (this.isQuoted) this.closedAt = index + 1;
        this.isQuoted = !this.isQuoted && mayOpen;
      } else if (!this.isQuoted) {
        records.push(this.read(text.slice(start, index)));
        start = index + 1;
      }
    }
    this.waiting = text.slice(start);
    this.position = this.waiting.length;
    this.closedAt -= start;
    assertRowLength(this.waiting.length);
    return records;
  }

  end(): CsvRecord[] {
    const rest = this.waiting;
    this.waiting = '';
    this.position = 0;
    return rest === '' ? [] : [this.read(rest)];
  }

  private read(line: string): CsvRecord {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    return { text, cells: splitCells(text, this.delimiter) };
  }
}

function splitCells(text: string, delimiter: string): string[] | undefined {
  const cells: string[] = [];
  let index = 0;
  for (;;) {
    let cell = '';
    if (text[index] === '"') {
      for (;;) {
        const close = text.indexOf('"', index + 1);
        if (close < 0) return undefined;
        cell += text.slice(index + 1, close);
        index = close + 1;
        if (text[index] !== '"') break;
        cell += '"';
      }
    } else {
      const stop = text.indexOf(delimiter, index);
      cell = text.slice(index, stop < 0 ? text.length : stop);
      index += cell.length;
    }
    cells.push(cell);
    if (index >= text.length) return cells;
    if (text[index] !== delimiter) return undefined;
    index += 1;
  }
}

/** Cells as a record with commas. */
export function writeRecord(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
}
