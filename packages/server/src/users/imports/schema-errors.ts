import { readJsonPointer, toAttributePath } from '@muster/contract';
import type { ErrorObject } from 'ajv';
import type { RowError, RowErrorCode } from './row-error.ts';

/** Errors of one row that are told; a row of thousands of wrong attributes is not a report. */
const mostErrors = 20;

/** Ajv's errors as those of a row. @param root path of what was checked; empty for the row itself */
export function describeSchemaErrors(errors: readonly ErrorObject[], root = ''): RowError[] {
  return errors.slice(0, mostErrors).map((error) => describe(error, root));
}

const codes: Readonly<Record<string, RowErrorCode>> = {
  type: 'INVALID_TYPE',
  required: 'OBJECT_MISSING_REQUIRED_PROPERTY',
  additionalProperties: 'OBJECT_ADDITIONAL_PROPERTIES',
  format: 'FORMAT',
  pattern: 'PATTERN',
  minLength: 'MIN_LENGTH',
  maxLength: 'MAX_LENGTH',
  minimum: 'MINIMUM',
  maximum: 'MAXIMUM',
  enum: 'ENUM_MISMATCH',
  const: 'ENUM_MISMATCH',
  minItems: 'ARRAY_LENGTH_SHORT',
  maxItems: 'ARRAY_LENGTH_LONG',
  minProperties: 'ANY_OF_MISSING',
  maxProperties: 'NOT_PASSED',
};

function describe(error: ErrorObject, root: string): RowError {
  const code = codes[error.keyword] ?? 'NOT_PASSED';
  const path = toPath(error, root);
  return { code, message: toMessage(error, path), ...(path === '' ? {} : { path }) };
}

function toPath({ instancePath, keyword, params }: ErrorObject, root: string): string {
  const steps = readJsonPointer(instancePath);
  if (keyword === 'additionalProperties') steps.push(String(params['additionalProperty']).slice(0, 100));
  if (keyword === 'required') steps.push(String(params['missingProperty']));
  return toAttributePath(steps, root);
}

/** Never with the value: it may be a secret. */
function toMessage({ keyword, params, message }: ErrorObject, path: string): string {
  const name = path === '' ? 'The row' : path;
  switch (keyword) {
    case 'type':
      return `${name} must be of type ${params['type']}.`;
    case 'additionalProperties':
      return `${name} is not an attribute of import files.`;
    case 'required':
      return `${name} is missing.`;
    case 'format':
      return `${name} is not a valid ${params['format']}.`;
    case 'pattern':
      return `${name} does not match ${params['pattern']}.`;
    default:
      return `${name} ${message ?? 'was refused'}.`;
  }
}
