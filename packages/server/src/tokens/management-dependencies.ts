import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import type { AccountGuard } from '../users/index.ts';

/** What the operations on sessions, refresh tokens, grants and devices need. */
export interface TokenManagementDependencies {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly guard: AccountGuard;
}
