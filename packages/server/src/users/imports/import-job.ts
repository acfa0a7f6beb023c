import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

/** What an import was asked for, as its job keeps it. */
const ImportParameters = Type.Object({
  isUpsert: Type.Boolean(),
  mergesMetadata: Type.Boolean(),
  isDryRun: Type.Boolean(),
  sendsCompletionEmail: Type.Boolean(),
  /** What whoever started it may do about roles; absent from jobs of versions whose imports had none. */
  mayAssignRoles: Type.Optional(Type.Boolean()),
  mayRemoveRoles: Type.Optional(Type.Boolean()),
  /** That it was begun with; it ends when one of them is lost. Absent from jobs of versions that went on. */
  scopes: Type.Optional(Type.Array(Type.String())),
});
export type ImportParameters = Static<typeof ImportParameters>;

/** Where an import goes on: everything before it has its fate, and is counted and reported. */
const ImportCheckpoint = Type.Object({
  place: Type.Object({ row: Type.Integer(), line: Type.Integer(), offset: Type.Integer() }),
  /** Bytes of the stored file that were read so far; rows cannot be counted before the end. */
  read: Type.Integer(),
  /** Whether search indexes are built behind the rows, and whether that is what goes on. */
  postponesIndexes: Type.Optional(Type.Boolean()),
  buildsIndexes: Type.Optional(Type.Boolean()),
  report: Type.Object({ fileId: Type.Integer(), size: Type.Integer() }),
  summary: Type.Object({
    failed: Type.Integer(),
    updated: Type.Integer(),
    inserted: Type.Integer(),
    unchanged: Type.Integer(),
    total: Type.Integer(),
  }),
});
export type ImportCheckpoint = Static<typeof ImportCheckpoint>;

/** @throws when the job was written by something else */
export function parseImportParameters(value: unknown): ImportParameters {
  return Value.Parse(ImportParameters, value);
}

/** @throws when the job was written by something else */
export function parseImportCheckpoint(value: unknown): ImportCheckpoint {
  return Value.Parse(ImportCheckpoint, value);
}

/** The share of the work of an import that is its rows, where indexes are built behind them: an estimate. */
const shareOfRows = 0.9;

/** How far an import is, from 0 to 1, by its checkpoint and the bytes of its file; and whether it builds indexes. */
export function readImportProgress(
  checkpoint: unknown,
  total: number,
): { readonly share: number; readonly buildsIndexes: boolean } {
  if (!Value.Check(ImportCheckpoint, checkpoint)) return { share: 0, buildsIndexes: false };
  const { read, place, postponesIndexes = false, buildsIndexes = false } = checkpoint;
  // Blocks are read ahead of the rows, and rows are counted uncompressed: of both the smaller is nearer to the truth.
  const rows = buildsIndexes ? 1 : Math.min(1, Math.min(read, place.offset) / total);
  return { share: postponesIndexes ? rows * shareOfRows : rows, buildsIndexes };
}
