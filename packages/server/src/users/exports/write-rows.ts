import type { ExportColumn } from './export-fields.ts';
import type { ExportedUser } from './exported-user.ts';
import { writeAtPath } from './field-path.ts';
import type { ReadableColumn } from './read-columns.ts';

export interface RowWriter {
  /** What the file begins with. */
  readonly header: string;
  /** One user as a line of the file, with its end. */
  write(user: ExportedUser): string;
}

/** One JSON object a line. What a user does not have is left out. */
export function createJsonWriter(columns: readonly ReadableColumn[]): RowWriter {
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
  columns: readonly ReadableColumn[],
  frames: readonly (Frame | undefined)[],
): RowWriter['write'] {
  const framed = columns.flatMap(({ read }, index) => {
    const frame = frames[index];
    return frame ? { read, ...frame } : [];
  });
  return (user) => {
    let line = '{';
    for (const { read, before, after } of framed) {
      const value = read(user);
      if (value === undefined) continue;
      if (line.length > 1) line += ',';
      line += before + JSON.stringify(value) + after;
    }
    return `${line}}\n`;
  };
}

/** Columns that meet below one root. */
function writeMerged(columns: readonly ReadableColumn[]): RowWriter['write'] {
  return (user) => {
    const row: Record<string, unknown> = {};
    for (const { path, exportAs, read } of columns) {
      const value = read(user);
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
export function createCsvWriter(columns: readonly ReadableColumn[]): RowWriter {
  return {
    header: `${columns.map(({ exportAs, name }) => toHeaderCell(exportAs ?? name)).join(',')}\r\n`,
    write: (user) => {
      let line = '';
      for (const [index, { path, read }] of columns.entries()) {
        if (index > 0) line += ',';
        line += toCell(read(user), path);
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
