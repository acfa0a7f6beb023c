import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import { withoutTimeLimit } from './state-store.ts';

/** Share of PostgreSQL's own memory that is filled at most: what others use meanwhile keeps its place. */
const filledShare = 0.75;

/**
 * Reads the tables that searches use, and their indexes, into PostgreSQL's memory, where all of them have room. Rows that are
 * written in bulk and indexes that are built leave it by and by, and each page that the first searches ask for would be
 * read alone. Does nothing where PostgreSQL has no `pg_prewarm`, or its user may not call what a library of it has.
 */
export async function warmSearchTables(database: Database): Promise<void> {
  try {
    await withoutTimeLimit(database, (session) => session.transaction().execute(readTables));
  } catch (error) {
    if (!isMissingOrForbidden(error)) throw error;
  }
}

const tables = ['user_search', 'user_search_values', 'users', 'identities'];

/** By a function of this session alone: an extension would be in every dump, and a server without it would refuse those. */
async function readTables(transaction: Database): Promise<void> {
  await sql`
    CREATE OR REPLACE FUNCTION pg_temp.prewarm(regclass, text, text, bigint, bigint) RETURNS bigint
    AS '$libdir/pg_prewarm', 'pg_prewarm' LANGUAGE C PARALLEL SAFE`.execute(transaction);
  await sql`
    WITH relations AS (
      SELECT oid, pg_relation_size(oid) AS bytes FROM pg_class
      WHERE oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = ANY(${tables}::regclass[])) OR oid = ANY(${tables}::regclass[])
    )
    SELECT pg_temp.prewarm(oid, 'buffer', 'main', NULL, NULL) FROM relations
    WHERE (SELECT sum(bytes) FROM relations) <=
      ${filledShare}::float8 * pg_size_bytes(current_setting('shared_buffers'))`.execute(transaction);
}

/** SQLSTATE 58P01: there is no such library; 42501: none but a superuser may name one. */
function isMissingOrForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '58P01' || error.code === '42501');
}
