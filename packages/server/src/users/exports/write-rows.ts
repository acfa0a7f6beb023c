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
  return {
    header: '',
    write: (user) => {
      const row: Record<string, unknown> = {};
      for (const { path, exportAs } of columns) {
        const value = readAtPath(user, path);
        if (value === undefined) continue;
        writeAtPath(row, exportAs === undefined ? path : [exportAs], value);
      }
      return `${JSON.stringify(row)}\n`;
    },
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
