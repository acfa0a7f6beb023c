import type { RowPlace } from './apply-batch.ts';
import { ArrayScanner } from './array-scanner.ts';
import { readCsvHeader } from './csv-row.ts';
import { LineScanner } from './line-scanner.ts';
import type { RawRow, RowScanner } from './raw-row.ts';
import { BrokenFileError, unpack } from './unpack.ts';

/** The bytes of a file from an offset on. */
export type OpenFile = (offset: number) => AsyncIterable<Buffer>;

export interface SplitOptions {
  readonly from: RowPlace;
  /** Bytes of the uncompressed file. */
  readonly longestFile: number;
  /** Bytes of a row, default 16 MiB; a longer one is a row that failed. */
  readonly longestRow?: number;
}

/** Rows that were found, or why no more can be: the file's rows end there. */
export type RowPiece =
  | { readonly rows: readonly RawRow[]; readonly problem?: never }
  | { readonly problem: string };

const defaultLongestRow = 16 * 1024 * 1024;

/**
 * Splits a file of users into its rows without keeping more than one: a JSON array, one JSON object a line, or CSV with
 * a header, plain or gzip, whichever it begins as.
 */
export async function* splitRows(open: OpenFile, options: SplitOptions): AsyncGenerator<RowPiece> {
  const head = await readHead(open(0));
  const isCompressed = head[0] === 0x1f && head[1] === 0x8b;
  const plain = isCompressed ? (offset: number) => unpack(() => open(0), offset) : open;
  const begin = isCompressed ? await readHead(plain(0)) : head;
  if (isCompressed && begin.length === 0) {
    // Nothing can be unpacked at all, or there is nothing in it.
    const reason = await findBreak(plain(0));
    yield { problem: reason === undefined ? emptyFile : `Row 1, line 1: ${reason}` };
    return;
  }
  const scanner = chooseScanner(begin, options);
  if (typeof scanner === 'string') {
    yield { problem: scanner };
    return;
  }
  try {
    let read = options.from.offset;
    for await (const piece of plain(read)) {
      read += piece.length;
      const rows = scanner.push(piece);
      if (rows.length > 0) yield { rows };
      if (scanner.problem !== undefined) break;
      if (read > options.longestFile) {
        yield { problem: `The file is longer than ${options.longestFile} bytes, uncompressed.` };
        return;
      }
    }
    const last = scanner.end();
    if (last.length > 0) yield { rows: last };
    if (scanner.problem !== undefined) yield { problem: scanner.problem };
  } catch (error) {
    if (!(error instanceof BrokenFileError)) throw error;
    const { row, line } = scanner.open;
    yield { problem: `Row ${row}, line ${line}: ${error.message}` };
  }
}

const headSize = 64 * 1024;

const emptyFile = 'Users file must not be empty.';

/** The file's beginning, enough to see what it is; of one that breaks before, what is there. */
async function readHead(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of content) {
      parts.push(piece);
      size += piece.length;
      if (size >= headSize) break;
    }
  } catch (error) {
    if (!(error instanceof BrokenFileError)) throw error;
  }
  return Buffer.concat(parts);
}

async function findBreak(content: AsyncIterable<Buffer>): Promise<string | undefined> {
  try {
    for await (const _piece of content) break;
    return undefined;
  } catch (error) {
    if (error instanceof BrokenFileError) return error.message;
    throw error;
  }
}

function chooseScanner(
  head: Buffer,
  { from, longestRow = defaultLongestRow }: SplitOptions,
): RowScanner | string {
  const hasMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    return 'The file is UTF-16; save it as UTF-8.';
  const text = head.subarray(hasMark ? 3 : 0).toString('utf8');
  const first = text.trimStart()[0];
  const place = hasMark && from.offset === 0 ? { ...from, offset: 0 } : from;
  switch (first) {
    case undefined:
      return emptyFile;
    case '[':
      return hasMark
        ? skipping(new ArrayScanner(place, longestRow), place, 3)
        : new ArrayScanner(place, longestRow);
    case '{':
      return hasMark
        ? skipping(new LineScanner(place, longestRow), place, 3)
        : new LineScanner(place, longestRow);
  }
  const header = readCsvHeader(text);
  if (!header)
    return 'Line 1: expected a JSON array of users, one JSON object a line, or CSV with a header that has an email, username or phone_number.';
  const begin = (hasMark ? 3 : 0) + Buffer.byteLength(header.text);
  const start = from.offset === 0 ? { row: 1, line: 1 + header.lines, offset: 0 } : from;
  const scanner = new LineScanner(
    { ...start, offset: from.offset === 0 ? begin : from.offset },
    longestRow,
    header.columns,
  );
  return from.offset === 0 ? withoutFirst(scanner, begin) : scanner;
}

/** A byte order mark counts as bytes of the file and as nothing else. */
function skipping(scanner: RowScanner, place: RowPlace, count: number): RowScanner {
  if (place.offset > 0) return scanner;
  return withoutFirst(scanner, count, Buffer.alloc(count, ' '));
}

/** Keeps the first bytes of a file from its scanner, or gives it others of the same number. */
function withoutFirst(scanner: RowScanner, count: number, instead = Buffer.alloc(0)): RowScanner {
  let left = count;
  return {
    push: (piece) => {
      if (left === 0) return scanner.push(piece);
      const skipped = Math.min(left, piece.length);
      const replaced = instead.subarray(0, skipped);
      left -= skipped;
      return scanner.push(Buffer.concat([replaced, piece.subarray(skipped)]));
    },
    end: () => scanner.end(),
    get problem() {
      return scanner.problem;
    },
    get open() {
      return scanner.open;
    },
  };
}
