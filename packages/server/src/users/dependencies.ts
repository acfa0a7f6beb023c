import type { Config } from '../config.ts';
import type { Database } from '../platform/database/database.ts';
import type { UserListener } from './events.ts';
import type { Presentation } from './present-user.ts';

/** What the use cases on users need from outside. */
export interface UserDependencies {
  readonly database: Database;
  readonly config: Config;
  readonly presentation: Presentation;
  readonly listeners: readonly UserListener[];
}
