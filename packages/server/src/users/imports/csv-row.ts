import { type FieldPath, parseFieldPath, writeAtPath } from '../exports/field-path.ts';

/** Attributes that are not text; what stands below metadata may be anything. */
const typedAttributes: Readonly<Record<string, 'boolean' | 'number' | 'json'>> = {
  email_verified: 'boolean',
  phone_verified: 'boolean',
  blocked: 'boolean',
  logins_count: 'number',
  user_metadata: 'json',
  app_metadata: 'json',
  identities: 'json',
  custom_password_hash: 'json',
  mfa_factors: 'json',
  roles: 'json',
};

/** The header line of a CSV file; undefined where the text does not begin like one. */
export function readCsvHeader(
  text: string,
): { readonly text: string; readonly lines: number; readonly columns: readonly string[] } | undefined {
  const record = splitRecord(text);
  if (!record?.isEnded) return undefined;
  const columns = record.cells.map(withoutQuote);
  const isHeader =
    columns.every((name) => name !== '' && parseFieldPath(name) !== undefined) &&
    columns.some((name) => ['email', 'username', 'phone_number'].includes(name));
  return isHeader
    ? {
        text: text.slice(0, record.length),
        lines: text.slice(0, record.length).split('\n').length - 1,
        columns,
      }
    : undefined;
}

/**
 * Reads a CSV record as a user. An empty cell is no attribute. Our exports give every text a leading `'`, so that no
 * spreadsheet takes it for a formula; it is taken off in rows that they wrote, and nowhere else. What CSV cannot carry: an
 * empty object or list under a path of its own, and the difference of absent and empty.
 */
export function readCsvRow(
  text: string,
  columns: readonly string[],
): { isValid: true; value: Record<string, unknown> } | { isValid: false; message: string } {
  const record = splitRecord(text);
  if (!record)
    return { isValid: false, message: 'A quoted cell is not closed, or goes on behind its quote.' };
  if (record.cells.length !== columns.length)
    return {
      isValid: false,
      message: `The row has ${record.cells.length} ${record.cells.length === 1 ? 'cell' : 'cells'}, the header ${columns.length}.`,
    };
  const isExported = isOfExport(record.cells);
  const user: Record<string, unknown> = {};
  for (const [index, cell] of record.cells.entries()) {
    const path: FieldPath | undefined = parseFieldPath(columns[index] ?? '');
    if (cell === '' || !path) continue;
    writeAtPath(user, path, isExported && cell.startsWith("'") ? cell.slice(1) : readCell(cell, path));
  }
  return { isValid: true, value: user };
}

/** Whether every text of a row has the mark of our exports: nobody's address begins with it otherwise. */
function isOfExport(cells: readonly string[]): boolean {
  return (
    cells.some((cell) => cell.startsWith("'")) &&
    cells.every(
      (cell) =>
        cell === '' || cell.startsWith("'") || typeof readValue(cell) !== 'string' || instant.test(cell),
    )
  );
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function readCell(cell: string, path: FieldPath): unknown {
  const [root] = path;
  // A role may be called 42.
  if (path.length > 1) return root === 'roles' ? cell : readValue(cell);
  switch (typedAttributes[String(root)]) {
    case 'boolean':
      return /^true$/i.test(cell) ? true : /^false$/i.test(cell) ? false : cell;
    case 'number':
      return readValue(cell);
    case 'json':
      return parseJson(cell);
    default:
      return cell;
  }
}

/**
 * The value that is written like this and in no other way; else the text itself. `1e5`, `007` and numbers of more digits than
 * one can hold stay texts.
 */
function readValue(cell: string): unknown {
  if (!/^[-\d[{tf]/.test(cell)) return cell;
  const value = parseJson(cell);
  return value !== null && JSON.stringify(value) === cell ? value : cell;
}

function parseJson(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch (cause) {
    if (cause instanceof SyntaxError) return cell;
    throw cause;
  }
}

function withoutQuote(cell: string): string {
  return cell.replace(/^'/, '');
}

/** One record of RFC 4180. @returns undefined where its quotes do not fit */
function splitRecord(text: string): { cells: string[]; length: number; isEnded: boolean } | undefined {
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
      const end = /[,\r\n]/g;
      end.lastIndex = index;
      const stop = end.exec(text)?.index ?? text.length;
      cell = text.slice(index, stop);
      index = stop;
    }
    cells.push(cell);
    if (text[index] === ',') {
      index++;
      continue;
    }
    if (text[index] === '\r' && text[index + 1] === '\n') return { cells, length: index + 2, isEnded: true };
    if (text[index] === '\n') return { cells, length: index + 1, isEnded: true };
    return index >= text.length ? { cells, length: index, isEnded: false } : undefined;
  }
}
