import { formats, ImportedUser } from '@muster/contract';
import { Ajv } from 'ajv';
import type { Static } from 'typebox';
import type { RowError } from './row-error.ts';
import { describeSchemaErrors } from './schema-errors.ts';

export type ImportedAttributes = Static<typeof ImportedUser>;

const validate = new Ajv({ allErrors: true, strict: false, formats }).compile<ImportedAttributes>(
  ImportedUser,
);

/** Holds a parsed row against the schema of import files. An attribute that is `null`, as other exports write it, is absent. */
export function checkAttributes(
  input: unknown,
): { isValid: true; value: ImportedAttributes } | { isValid: false; errors: readonly RowError[] } {
  const row = withoutNulls(input);
  if (validate(row)) return { isValid: true, value: row };
  return { isValid: false, errors: describeSchemaErrors(validate.errors ?? []) };
}

function withoutNulls(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
  if (!Object.values(row).includes(null)) return row;
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
