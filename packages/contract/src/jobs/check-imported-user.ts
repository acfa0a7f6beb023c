import { Errors } from 'typebox/value';
import { ImportedUser } from './imported-user.ts';

export interface ImportedUserProblem {
  /** A JSON Pointer; empty for the row itself. */
  readonly path: string;
  readonly message: string;
}

/** Problems that are told of one row. */
const mostProblems = 10;

/**
 * What the schema of imports finds wrong with a row. Less than the server looks at: it also holds passwords' hashes, metadata keys
 * and the connection's rules against the row.
 */
export function checkImportedUser(row: unknown): ImportedUserProblem[] {
  return Errors(ImportedUser, row)
    .slice(0, mostProblems)
    .map(({ instancePath, message }) => ({ path: instancePath, message }));
}
