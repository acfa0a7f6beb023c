import { assertStorable } from '../../platform/http/body-parsing.ts';
import { ApiError } from '../../platform/http/errors.ts';
import { readCsvRow } from './csv-row.ts';
import type { RawRow } from './raw-row.ts';
import type { RowError } from './row-error.ts';

export type ParsedRow =
  | { readonly isValid: true; readonly value: Record<string, unknown> }
  | { readonly isValid: false; readonly error: RowError };

/** Parses the text of a row and refuses what PostgreSQL could not store. */
export function parseRow(row: RawRow): ParsedRow {
  if (row.text === undefined)
    return refuse('FORMAT', `The row is longer than 16 MiB, or not UTF-8 (${row.size} bytes).`);
  const read = row.columns ? readCsvRow(row.text, row.columns) : readJson(row.text);
  if (!read.isValid) return refuse('FORMAT', read.message);
  const { value } = read;
  if (!isRecord(value)) return refuse('OBJECT_REQUIRED', 'The row is not an object.');
  try {
    assertStorable(value);
  } catch (error) {
    if (error instanceof ApiError) return refuse('NOT_PASSED', error.message);
    throw error;
  }
  return { isValid: true, value };
}

function readJson(text: string): { isValid: true; value: unknown } | { isValid: false; message: string } {
  try {
    return { isValid: true, value: JSON.parse(text) };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    // V8's message quotes the input, which may hold a secret; only its position is told.
    const position = /position (\d+)/.exec(cause.message)?.[1];
    return {
      isValid: false,
      message: `The row is not valid JSON${position === undefined ? '' : ` at its character ${position}`}.`,
    };
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(code: RowError['code'], message: string): ParsedRow {
  return { isValid: false, error: { code, message } };
}
