import { checkImportedUser, type ImportedUserProblem } from '@muster/contract';
import { CsvSplitter, findDelimiter, readColumnName } from './mapping/csv-records.ts';
import { type FileForm, mapRow } from './mapping/map-rows.ts';
import type { Mapping } from './mapping/targets.ts';
import { openText } from './open-text.ts';

/** A row as it stands in the file. */
export interface FirstRow {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Its values by the file's own names, or why it cannot be read. */
  readonly values: Readonly<Record<string, unknown>> | string;
}

export interface FirstRows {
  readonly form: FileForm;
  readonly rows: readonly FirstRow[];
  /** What the file calls the attributes, in the order in which they come, with a value of each. */
  readonly columns: ReadonlyMap<string, unknown>;
}

export interface CheckedRow {
  readonly number: number;
  readonly text: string;
  readonly problems: readonly ImportedUserProblem[];
}

/** Characters that are read of a file, and rows that are shown of it; columns are those of every row that was read. */
const readLength = 512 * 1024;
const mostRows = 2_000;
export const shownRows = 20;

/** Reads the beginning of a file of users, gzip unpacked. */
export async function readFirstRows(file: Blob): Promise<FirstRows> {
  let text = '';
  for await (const piece of openText(file, { isStrict: false })) {
    text += piece;
    if (text.length >= readLength) break;
  }
  const isWhole = text.length < readLength;
  const first = text.trimStart()[0];
  const form: FileForm =
    first === '[' || first === '{'
      ? { kind: 'json', isArray: first === '[' }
      : { kind: 'csv', delimiter: findDelimiter(text) };
  const rows = form.kind === 'csv' ? readRecords(text, form.delimiter, isWhole) : readObjects(text);
  const columns = new Map<string, unknown>();
  for (const { values } of rows)
    if (typeof values !== 'string')
      for (const [name, value] of Object.entries(values))
        if ((columns.get(name) ?? '') === '') columns.set(name, value);
  return { form, rows: rows.slice(0, shownRows), columns };
}

/** What the schema of imports finds wrong with rows once their columns are renamed. Pure. */
export function checkRows({ form, rows }: FirstRows, mapping: Mapping): CheckedRow[] {
  return rows.map(({ number, text, values }) => ({
    number,
    text,
    problems:
      typeof values === 'string'
        ? [{ path: '', message: values }]
        : checkImportedUser(form.kind === 'csv' ? readCells(values, mapping) : mapRow(values, mapping)),
  }));
}

function readObjects(text: string): FirstRow[] {
  return splitRows(text, mostRows).map((row, index) => ({
    number: index + 1,
    text: row,
    values: parseObject(row),
  }));
}

function parseObject(text: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text);
    return Object.fromEntries(Object.entries(Object(value)));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function readRecords(text: string, delimiter: string, isWhole: boolean): FirstRow[] {
  const splitter = new CsvSplitter(delimiter);
  const all = splitter.push(text);
  const [header, ...records] = isWhole ? [...all, ...splitter.end()] : all;
  const names = (header?.cells ?? []).map(readColumnName);
  return records
    .filter((record) => record.text.trim() !== '')
    .slice(0, mostRows)
    .map((record, index) => ({
      number: index + 1,
      text: record.text,
      values:
        record.cells?.length === names.length
          ? Object.fromEntries(names.map((name, place) => [name, record.cells?.[place] ?? '']))
          : describeMisfit(record.cells, names.length),
    }));
}

/** In the server's words. */
function describeMisfit(cells: readonly string[] | undefined, count: number): string {
  return cells
    ? `The row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, the header ${count}.`
    : 'A quoted cell is not closed, or goes on behind its quote.';
}

/** Attributes whose cells are not texts. Those below them may be anything, which the server finds out. */
const typed =
  /^(email_verified|phone_verified|blocked|logins_count|user_metadata|app_metadata|identities|custom_password_hash|mfa_factors|roles)$/;

function readCells(cells: Readonly<Record<string, unknown>>, mapping: Mapping): Record<string, unknown> {
  const user: Record<string, unknown> = {};
  for (const [column, cell] of Object.entries(cells)) {
    const target = mapping.get(column) ?? column;
    // Paths are the server's to read: no more than their being there is known here.
    if (cell === '' || target === '' || /[.[]/.test(target)) continue;
    user[target] = typed.test(target) ? readTyped(String(cell)) : String(cell).replace(/^'/, '');
  }
  return user;
}

function readTyped(cell: string): unknown {
  try {
    return JSON.parse(/^(true|false)$/i.test(cell) ? cell.toLowerCase() : cell);
  } catch {
    return cell;
  }
}

/** The texts of the first whole objects, in an array or one after the other. Pure. */
export function splitRows(text: string, most = shownRows): string[] {
  const rows: string[] = [];
  let depth = 0;
  let start = 0;
  let isInString = false;
  for (let index = 0; index < text.length && rows.length < most; index++) {
    const character = text[index];
    if (isInString) {
      if (character === '\\') index += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{') {
      if (depth === 0) start = index;
      depth += 1;
    } else if (character === '}') {
      depth -= 1;
      if (depth === 0) rows.push(text.slice(start, index + 1));
      if (depth < 0) return rows;
    }
  }
  return rows;
}
