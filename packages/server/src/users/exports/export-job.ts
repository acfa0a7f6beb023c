import { ExportField } from '@muster/contract';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

/** What an export was asked for, as its job keeps it. */
const ExportParameters = Type.Object({
  format: Type.Union([Type.Literal('json'), Type.Literal('csv')]),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  fields: Type.Optional(Type.Array(ExportField)),
  q: Type.Optional(Type.String()),
  sort: Type.Optional(Type.String()),
  includesCredentials: Type.Boolean(),
  /** Whether it shows who has which role, or was made of those who have one. */
  tellsRoles: Type.Optional(Type.Boolean()),
  /** That it was begun with; it ends when one of them is lost. Absent from jobs of versions that went on. */
  scopes: Type.Optional(Type.Array(Type.String())),
});
export type ExportParameters = Static<typeof ExportParameters>;

/** Where an export goes on: every user before this place is in the file, once. */
const ExportCheckpoint = Type.Object({
  /** Last user of the file, in order of ids. */
  after: Type.Optional(Type.String()),
  /** The same in the order of a search. */
  afterFound: Type.Optional(
    Type.Object({ key: Type.Union([Type.String(), Type.Null()]), id: Type.Integer() }),
  ),
  fileId: Type.Integer(),
  /** Bytes of the file. */
  size: Type.Integer(),
  /** Users in the file. */
  written: Type.Integer(),
});
export type ExportCheckpoint = Static<typeof ExportCheckpoint>;

/** @throws when the job was written by something else */
export function parseExportParameters(value: unknown): ExportParameters {
  return Value.Parse(ExportParameters, value);
}

/** @throws when the job was written by something else */
export function parseExportCheckpoint(value: unknown): ExportCheckpoint {
  return Value.Parse(ExportCheckpoint, value);
}

/** How many users an export has written; 0 before its first step. */
export function readExportedUsers(checkpoint: unknown): number {
  return Value.Check(ExportCheckpoint, checkpoint) ? checkpoint.written : 0;
}
