import { type CsvRecord, CsvSplitter, readColumnName, writeRecord } from './csv-records.ts';
import { ElementSplitter } from './element-splitter.ts';
import { assertRowLength } from './row-length.ts';
import type { Mapping } from './targets.ts';

/** How a file of users is written. */
export type FileForm =
  | { readonly kind: 'json'; readonly isArray: boolean }
  | { readonly kind: 'csv'; readonly delimiter: string };

/** Rewrites the text of a file piece by piece. */
export interface RowMapper {
  push(piece: string): string;
  end(): string;
}

/**
 * Renames the columns of a file as it goes by. Every row stays, in its place, so that what the server says of row 7 is true of
 * the file that was chosen; one that cannot be read goes through as it is, for the server to refuse.
 */
export function createRowMapper(form: FileForm, mapping: Mapping): RowMapper {
  if (form.kind === 'csv') return mapRecords(form.delimiter, mapping);
  return form.isArray ? mapElements(mapping) : mapLines(mapping);
}

/** A row with its keys renamed; those that the mapping does not know stay. */
export function mapRow(row: Readonly<Record<string, unknown>>, mapping: Mapping): Record<string, unknown> {
  const entries = new Map<string, unknown>();
  const paths: (readonly [readonly string[], unknown])[] = [];
  for (const [key, value] of Object.entries(row)) {
    const target = mapping.get(key) ?? key;
    if (target === key || (target !== '' && !target.includes('.'))) entries.set(target, value);
    else if (target !== '') paths.push([target.split('.'), value]);
  }
  // An attribute that is `null` counts as absent, also below metadata, which it would otherwise fill with nothing.
  for (const [path, value] of paths) if (value !== null) setAt(entries, path, value);
  return Object.fromEntries(entries);
}

/** What is there already stays: it was said in so many words. */
function setAt(entries: Map<string, unknown>, path: readonly string[], value: unknown): void {
  const [root = '', ...keys] = path;
  const before = entries.get(root);
  const isFree = before === undefined || before === null;
  if (isFree || isObject(before)) entries.set(root, withValue(isFree ? {} : before, keys, value));
}

function withValue(parent: object, [key = '', ...deeper]: readonly string[], value: unknown): object {
  const before: unknown = Object.hasOwn(parent, key) ? Reflect.get(parent, key) : undefined;
  if (deeper.length === 0) return before === undefined ? { ...parent, [key]: value } : parent;
  if (before !== undefined && !isObject(before)) return parent;
  return { ...parent, [key]: withValue(before ?? {}, deeper, value) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapText(text: string, mapping: Mapping): string {
  try {
    const row: unknown = JSON.parse(text);
    return isObject(row) ? JSON.stringify(mapRow(row, mapping)) : text;
  } catch {
    return text;
  }
}

function mapLines(mapping: Mapping): RowMapper {
  let waiting: string[] = [];
  let waitingLength = 0;
  const mapLine = (line: string) => (line.trim() === '' ? line : mapText(line, mapping));
  return {
    push: (piece) => {
      const [first = '', ...others] = piece.split('\n');
      waiting.push(first);
      waitingLength += first.length;
      assertRowLength(waitingLength);
      const last = others.pop();
      if (last === undefined) return '';
      const lines = [waiting.join(''), ...others];
      waiting = [last];
      waitingLength = last.length;
      return lines.map((line) => `${mapLine(line)}\n`).join('');
    },
    end: () => mapLine(waiting.join('')),
  };
}

function mapElements(mapping: Mapping): RowMapper {
  const splitter = new ElementSplitter();
  return {
    push: (piece) =>
      splitter
        .push(piece)
        .map(({ text, isElement }) => (isElement ? mapText(text, mapping) : text))
        .join(''),
    end: () => splitter.end(),
  };
}

function mapRecords(delimiter: string, mapping: Mapping): RowMapper {
  const splitter = new CsvSplitter(delimiter);
  let columns: readonly string[] | undefined;
  const mapRecord = ({ text, cells }: CsvRecord) => {
    if (columns === undefined) {
      columns = (cells ?? []).map(readColumnName);
      return writeRecord(keep(columns, columns).map((column) => mapping.get(column) || column));
    }
    if (text.trim() === '' || !cells) return text;
    // One cell too few must not become right because a column is left out: it is made wrong beyond doubt.
    if (cells.length !== columns.length) return writeRecord([...cells, ...columns.map(() => '')]);
    return writeRecord(keep(cells, columns));
  };
  const keep = (cells: readonly string[], names: readonly string[]) =>
    cells.filter((_, index) => mapping.get(names[index] ?? '') !== '');
  return {
    push: (piece) =>
      splitter
        .push(piece)
        .map((record) => `${mapRecord(record)}\n`)
        .join(''),
    end: () => splitter.end().map(mapRecord).join(''),
  };
}
