import type { Caller, RequestSummary } from '../platform/http/caller.ts';

/** Who changes something by which request; for the log event. */
export interface ChangeContext {
  readonly caller: Caller;
  readonly summary: RequestSummary;
  /** The operation's title. */
  readonly title: string;
}
