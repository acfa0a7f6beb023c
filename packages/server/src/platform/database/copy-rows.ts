/** A row as COPY writes it: the text of each column, `undefined` for NULL. */
export type CopyRow = readonly (string | undefined)[];

const newline = 0x0a;

/**
 * Reads rows in the text format of COPY (PostgreSQL manual, COPY, "Text Format") from bytes in pieces of any size.
 * @returns the rows that end in each piece, and their bytes together
 */
export async function* readCopyRows(
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly rows: CopyRow[]; readonly size: number }> {
  let begun: Buffer[] = [];
  for await (const piece of pieces) {
    // Line ends within values are escaped, and no other character of UTF-8 has this byte.
    const end = piece.lastIndexOf(newline);
    if (end < 0) {
      begun.push(piece);
      continue;
    }
    const whole =
      begun.length === 0 ? piece.subarray(0, end) : Buffer.concat([...begun, piece.subarray(0, end)]);
    begun = end + 1 < piece.length ? [piece.subarray(end + 1)] : [];
    yield { rows: whole.toString('utf8').split('\n').map(readRow), size: whole.length };
  }
}

function readRow(line: string): CopyRow {
  const row: (string | undefined)[] = line.split('\t');
  for (let index = 0; index < row.length; index++) {
    const text = row[index];
    if (text === '\\N') row[index] = undefined;
    else if (text?.includes('\\')) row[index] = text.replaceAll(/\\(.)/g, readEscape);
  }
  return row;
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function readEscape(_sequence: string, character: string): string {
  return escapes[character] ?? character;
}
