import pg from 'pg';

/** SQLSTATE class 23 (integrity constraint violation): the name of the constraint that refused the write. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code?.startsWith('23') ? error.constraint : undefined;
}
