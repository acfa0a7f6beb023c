import { defaultPageSize } from '@muster/contract';
import type { Caller } from '../platform/http/caller.ts';
import type { LogDependencies } from './dependencies.ts';
import { filterFor } from './list-logs.ts';
import { type PresentedLog, presentLog } from './log-record.ts';
import { findReadHorizon, listLogsBetween } from './store.ts';

export interface Checkpoint {
  /** The last event that was read; absent or empty starts at the oldest. */
  readonly from?: string;
  readonly take?: number;
}

/**
 * The events after a checkpoint, oldest first, and the request that continues. Who follows `next` gets every
 * event exactly once: events whose predecessors may still be uncommitted are held back for the next request.
 */
export async function readLogsFrom(
  dependencies: LogDependencies,
  checkpoint: Checkpoint,
  caller: Caller,
): Promise<{ logs: PresentedLog[]; next: { readonly from: string; readonly take: number } }> {
  const { database } = dependencies;
  const after = checkpoint.from ?? '';
  const take = checkpoint.take ?? defaultPageSize;
  const before = await findReadHorizon(database);
  const rows = await listLogsBetween(database, filterFor(caller), { after, before, limit: take });
  return { logs: rows.map(presentLog), next: { from: rows.at(-1)?.log_id ?? after, take } };
}
