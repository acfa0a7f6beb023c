import pg from 'pg';

/**
 * Whether PostgreSQL refused what was written rather than failed at writing it: SQLSTATE classes 22 (data exception), 23
 * (integrity constraint violation) and 54 (program limit exceeded). The same data would be refused again.
 */
export function isRefusedData(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && /^(22|23|54)/.test(error.code ?? '');
}
