import type { TSchema } from 'typebox';
import { Errors } from 'typebox/value';
import { formats } from '../formats.ts';
import { readJsonPointer, toAttributePath } from './attribute-path.ts';
import { ImportedUser } from './imported-user.ts';

export interface ImportedUserProblem {
  /** `identities[0].user_id`; empty for the row itself. */
  readonly path: string;
  readonly message: string;
}

/** Problems that are told of one row. */
const mostProblems = 10;

/**
 * What the schema of imports finds wrong with a row. Less than the server looks at: it also holds passwords' hashes, metadata keys
 * and the connection's rules against the row.
 */
export function checkImportedUser(input: unknown): ImportedUserProblem[] {
  const row = withoutNulls(input);
  const problems = Errors(ImportedUser, row).flatMap(({ keyword, instancePath, message }) => {
    const path = toAttributePath(readJsonPointer(instancePath));
    switch (keyword) {
      // The library's own formats are others than ours.
      case 'format':
      // Told of each such attribute already, as `boolean`.
      case 'additionalProperties':
        return [];
      case 'boolean':
        return { path, message: 'is not an attribute of import files' };
      default:
        return { path, message };
    }
  });
  return [...problems, ...findWrongFormats(ImportedUser, row, [])].slice(0, mostProblems);
}

/** An attribute that is `null` counts as absent. */
function withoutNulls(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

function* findWrongFormats(
  schema: TSchema,
  value: unknown,
  steps: readonly string[],
): Generator<ImportedUserProblem> {
  if (typeof value === 'string') {
    const name = 'format' in schema ? String(schema['format']) : undefined;
    if (name !== undefined && formats[name]?.(value) === false)
      yield { path: toAttributePath(steps), message: `is not a valid ${name}` };
  } else if (Array.isArray(value)) {
    const items: unknown = Reflect.get(schema, 'items');
    if (isSchema(items))
      for (const [index, item] of value.entries())
        yield* findWrongFormats(items, item, [...steps, String(index)]);
  } else if (typeof value === 'object' && value !== null) {
    const properties = Object.entries(Object(Reflect.get(schema, 'properties')));
    for (const [name, property] of properties)
      if (isSchema(property)) yield* findWrongFormats(property, Reflect.get(value, name), [...steps, name]);
  }
}

function isSchema(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
