import type { Database } from '../platform/database/database.ts';

/** What the reading of the log needs from outside. */
export interface LogDependencies {
  readonly database: Database;
}
