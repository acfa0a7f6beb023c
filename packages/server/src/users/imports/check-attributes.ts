import { formats, ImportedUser } from '@muster/contract';
import { Ajv } from 'ajv';
import type { Static } from 'typebox';
import type { RowError } from './row-error.ts';
import { describeSchemaErrors } from './schema-errors.ts';

export type ImportedAttributes = Static<typeof ImportedUser>;

const validate = new Ajv({ allErrors: true, strict: false, formats }).compile<ImportedAttributes>(
  ImportedUser,
);

/** Holds a parsed row against the schema of import files. */
export function checkAttributes(
  row: unknown,
): { isValid: true; value: ImportedAttributes } | { isValid: false; errors: readonly RowError[] } {
  if (validate(row)) return { isValid: true, value: row };
  return { isValid: false, errors: describeSchemaErrors(validate.errors ?? []) };
}
