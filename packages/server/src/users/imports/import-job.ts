import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

/** What an import was asked for, as its job keeps it. */
const ImportParameters = Type.Object({
  isUpsert: Type.Boolean(),
  mergesMetadata: Type.Boolean(),
  isDryRun: Type.Boolean(),
  sendsCompletionEmail: Type.Boolean(),
});
export type ImportParameters = Static<typeof ImportParameters>;

/** Where an import goes on: everything before it has its fate, and is counted and reported. */
const ImportCheckpoint = Type.Object({
  place: Type.Object({ row: Type.Integer(), line: Type.Integer(), offset: Type.Integer() }),
  /** Bytes of the stored file that were read so far; rows cannot be counted before the end. */
  read: Type.Integer(),
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

/** How many bytes of its file an import has behind it; 0 before its first step. */
export function readImportedBytes(checkpoint: unknown): number {
  if (!Value.Check(ImportCheckpoint, checkpoint)) return 0;
  // Blocks are read ahead of the rows, and rows are counted uncompressed: of both the smaller is nearer to the truth.
  return Math.min(checkpoint.read, checkpoint.place.offset);
}
