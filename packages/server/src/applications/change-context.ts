import type { Database } from '../platform/database/database.ts';
import type { Caller, RequestSummary } from '../platform/http/caller.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';

export interface ApplicationDependencies {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly publicUrl: string;
}

/** Who changes something by which request; for the log event. */
export interface ChangeContext {
  readonly caller: Caller;
  readonly summary: RequestSummary;
  /** The operation's title. */
  readonly title: string;
}
