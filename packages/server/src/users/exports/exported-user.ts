import type { CopyRow } from '../../platform/database/copy-rows.ts';

/** A user as an export reads it: the texts of the cells that its columns are made from. */
export class ExportedUser {
  readonly cells: CopyRow;
  /** Hashes and factors as an import takes them, of an export that has them. */
  readonly credentials: Readonly<Record<string, unknown>> | undefined;
  #parsed: unknown[] | undefined;

  constructor(cells: CopyRow, credentials?: Readonly<Record<string, unknown>>) {
    this.cells = cells;
    this.credentials = credentials;
  }

  /** The value of a cell that holds JSON, parsed once for all columns below it; undefined for NULL and `null`. */
  readJson(cell: number): unknown {
    const text = this.cells[cell];
    if (text === undefined) return undefined;
    this.#parsed ??= [];
    this.#parsed[cell] ??= JSON.parse(text);
    return this.#parsed[cell] ?? undefined;
  }
}
