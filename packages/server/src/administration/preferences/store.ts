import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

interface StoredSearch {
  name: string;
  q: string;
  sort: string;
}

export interface StoredPreferences {
  readonly columns: string[] | null;
  readonly searches: StoredSearch[] | null;
}

export async function findPreferences(
  database: Database,
  userId: string,
): Promise<StoredPreferences | undefined> {
  const { rows } = await sql<StoredPreferences>`
    SELECT user_columns AS columns, user_searches AS searches FROM dashboard_preferences
    WHERE user_id = ${userId}`.execute(database);
  return rows[0];
}

/** Writes what is given and keeps the rest. @returns all that is kept then */
export async function writePreferences(
  database: Database,
  userId: string,
  changes: {
    readonly user_columns?: readonly string[];
    readonly user_searches?: readonly StoredSearch[];
  },
): Promise<StoredPreferences> {
  const toJson = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  const { rows } = await sql<StoredPreferences>`
    INSERT INTO dashboard_preferences AS kept (user_id, user_columns, user_searches)
    VALUES (${userId}, ${toJson(changes.user_columns)}::jsonb, ${toJson(changes.user_searches)}::jsonb)
    ON CONFLICT (user_id) DO UPDATE SET
      user_columns = coalesce(excluded.user_columns, kept.user_columns),
      user_searches = coalesce(excluded.user_searches, kept.user_searches),
      updated_at = now()
    RETURNING user_columns AS columns, user_searches AS searches`.execute(database);
  const [written] = rows;
  if (!written) throw new Error('preferences that were written are not there');
  return written;
}
