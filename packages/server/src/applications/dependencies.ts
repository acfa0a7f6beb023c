import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';

export interface ApplicationDependencies {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly publicUrl: string;
}
