import type pg from 'pg';
import type { Database } from '../../platform/database/database.ts';
import { isRefusedData } from '../../platform/database/refused-data.ts';
import { withinSavepoint } from '../../platform/database/savepoint.ts';
import { RoleGoneError } from './imported-roles.ts';
import type { PreparedRow } from './prepare-row.ts';
import type { RowError, RowFate } from './row-error.ts';

/**
 * Applies rows so that one that PostgreSQL refuses costs nobody but itself: what is refused together is tried again in
 * halves, down to the one row.
 */
export async function bisect<Row extends PreparedRow>(
  transaction: Database,
  rows: readonly Row[],
  apply: (rows: readonly Row[]) => Promise<RowFate[]>,
): Promise<RowFate[]> {
  const [first] = rows;
  if (!first) return [];
  try {
    return await withinSavepoint(transaction, () => apply(rows));
  } catch (error) {
    if (!isRefusedRow(error)) throw error;
    if (rows.length === 1) {
      const { row, line, attributes } = first;
      return [{ row, line, fate: 'failed', errors: [describeRefusal(error)], source: attributes }];
    }
    const middle = Math.ceil(rows.length / 2);
    // One behind the other: what the second half repeats of the first one has to be seen.
    const left = await bisect(transaction, rows.slice(0, middle), apply);
    return [...left, ...(await bisect(transaction, rows.slice(middle), apply))];
  }
}

/** Whether something of the rows was refused, and would be again. */
export function isRefusedRow(error: unknown): error is pg.DatabaseError | RoleGoneError {
  return error instanceof RoleGoneError || isRefusedData(error);
}

/** Without PostgreSQL's own text: it quotes values of the row, and of others. */
function describeRefusal(error: pg.DatabaseError | RoleGoneError): RowError {
  if (error instanceof RoleGoneError)
    return { code: 'ROLE_NOT_FOUND', message: 'One of the roles was deleted meanwhile.', path: 'roles' };
  const { code = '', constraint, where } = error;
  if (constraint !== undefined && code === '23505')
    return {
      code: 'CONFLICT',
      message:
        'Something that only one user can have, an identifier, an id or an account, is taken by another user.',
    };
  // COPY names the column, which is the attribute's own name in `users`.
  const path = /^COPY users, line \d+, column (\w+)/.exec(where ?? '')?.[1];
  const message = 'The row has a value that is beyond what can be stored.';
  return { code: 'NOT_PASSED', message, ...(path === undefined ? {} : { path }) };
}
