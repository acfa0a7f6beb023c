import type { Config } from '../config.ts';
import type { Database } from '../platform/database/database.ts';
import type { AccountGuard } from './account-guard.ts';
import type { UserListener } from './events.ts';
import type { Presentation } from './present-user.ts';
import type { UserSearch } from './search/index.ts';

/** What the use cases on users need from outside. */
export interface UserDependencies {
  readonly database: Database;
  readonly config: Config;
  readonly search: UserSearch;
  readonly presentation: Presentation;
  readonly listeners: readonly UserListener[];
  readonly guard: AccountGuard;
}
