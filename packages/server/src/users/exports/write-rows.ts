import type { ExportColumn } from './export-fields.ts';
import { readAtPath, writeAtPath } from './field-path.ts';

export interface RowWriter {
  /** What the file begins with. */
  readonly header: string;
  /** One user as a line of the file, with its end. */
  write(user: Readonly<Record<string, unknown>>): string;
}

/** One JSON object a line. What a user does not have is left out. */
export function createJsonWriter(columns: readonly ExportColumn[]): RowWriter {
  const frames = columns.map(frameOf);
  const roots = new Set(columns.map(({ path, exportAs }) => exportAs ?? path[0]));
  const areApart = roots.size === columns.length && frames.every((frame) => frame !== undefined);
  return { header: '', write: areApart ? writeFramed(columns, frames) : writeMerged(columns) };
}

/** What stands before and after a column's value in the text of a row. */
interface Frame {
  readonly before: string;
  readonly after: string;
}

/** @returns undefined for a position in a list behind the first, which has to be filled up to */
function frameOf({ path, exportAs }: ExportColumn): Frame | undefined {
  const [root, ...inner] = exportAs === undefined ? path : [exportAs];
  if (typeof root === 'number' || inner.some((key) => typeof key === 'number' && key > 0)) return undefined;
  const opened = inner.map((key) => (typeof key === 'number' ? '[' : `{${JSON.stringify(key)}:`));
  const closed = inner.map((key) => (typeof key === 'number' ? ']' : '}')).reverse();
  return { before: `${JSON.stringify(root)}:${opened.join('')}`, after: closed.join('') };
}

/** Columns that have no root in common: the text is put together without an object of the row. */
function writeFramed(
  columns: readonly ExportColumn[],
  frames: readonly (Frame | undefined)[],
): RowWriter['write'] {
  return (user) => {
    let line = '{';
    for (const [index, { path }] of columns.entries()) {
      const value = readAtPath(user, path);
      const frame = frames[index];
      if (value === undefined || !frame) continue;
      if (line.length > 1) line += ',';
      line += frame.before + JSON.stringify(value) + frame.after;
    }
    return `${line}}\n`;
  };
}

/** Columns that meet below one root. */
function writeMerged(columns: readonly ExportColumn[]): RowWriter['write'] {
  return (user) => {
    const row: Record<string, unknown> = {};
    for (const { path, exportAs } of columns) {
      const value = readAtPath(user, path);
      if (value === undefined) continue;
      writeAtPath(row, exportAs === undefined ? path : [exportAs], value);
    }
    return `${JSON.stringify(row)}\n`;
  };
}

/** Instants that the server made; everything else is text that somebody may have written. */
const instants = new Set(['created_at', 'updated_at', 'last_login', 'last_password_reset']);

/**
 * Comma-separated values by RFC 4180. Every text begins with `'`, so that no spreadsheet takes one for a formula (OWASP,
 * CSV injection); imports take it off again. Objects and lists are JSON.
 */
export function createCsvWriter(columns: readonly ExportColumn[]): RowWriter {
  return {
    header: `${columns.map(({ exportAs, name }) => toHeaderCell(exportAs ?? name)).join(',')}\r\n`,
    write: (user) => {
      let line = '';
      for (const [index, { path }] of columns.entries()) {
        if (index > 0) line += ',';
        line += toCell(readAtPath(user, path), path);
      }
      return `${line}\r\n`;
    },
  };
}

function toCell(value: unknown, path: ExportColumn['path']): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return quote(JSON.stringify(value));
  return path.length === 1 && instants.has(String(path[0])) ? value : quote(`'${value}`);
}

/** Column names are the caller's own, but a formula all the same. */
function toHeaderCell(name: string): string {
  return /^[\w.[\]-]+$/.test(name) && !name.startsWith('-') ? name : quote(`'${name}`);
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
