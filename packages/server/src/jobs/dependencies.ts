import type { Config } from '../config.ts';
import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';

/** What the use cases on jobs need from outside. */
export interface JobDependencies {
  readonly database: Database;
  readonly config: Config;
  readonly secrets: SecretBox;
  readonly publicUrl: string;
}
