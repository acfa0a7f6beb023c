import type { Caller } from '../platform/http/caller.ts';
import type { LogDependencies } from './dependencies.ts';
import { LogNotFoundError } from './errors.ts';
import { filterFor } from './list-logs.ts';
import { type PresentedLog, presentLog } from './log-record.ts';
import { findLog } from './store.ts';

/** @throws LogNotFoundError also for an event that the caller may not see */
export async function getLog(
  dependencies: LogDependencies,
  logId: string,
  caller: Caller,
): Promise<PresentedLog> {
  const row = await findLog(dependencies.database, logId, filterFor(caller));
  if (!row) throw new LogNotFoundError();
  return presentLog(row);
}
