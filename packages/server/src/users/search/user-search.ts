import { availableParallelism } from 'node:os';
import type { Database } from '../../platform/database/database.ts';
import { estimateDrive } from './drive.ts';
import { searchEntryVersion } from './entry.ts';
import { SearchIndexIncompleteError, SearchTimeoutError } from './errors.ts';
import type { IndexNode } from './index-node.ts';
import { type FoundPage, findPage, type Position } from './pages-store.ts';
import { planPage } from './plan.ts';
import type { SortOrder } from './sort-order.ts';
import { estimateUserCount, readSearchState } from './state-store.ts';
import type { SearchStatistics } from './statistics.ts';
import { loadStatistics } from './statistics-store.ts';

export interface SearchRequest {
  readonly node: IndexNode;
  readonly sort: SortOrder;
  readonly offset: number;
  readonly limit: number;
  /** Only what comes after this place; with an offset of 0. */
  readonly after?: Position;
  readonly wantsTotal: boolean;
}

export interface UserSearch {
  /**
   * Finds one page of users: their ids in order, and the exact number of all matches when it is wanted. Sees every
   * write that was answered before.
   * @throws SearchTimeoutError, SearchIndexIncompleteError
   */
  find(request: SearchRequest): Promise<FoundPage>;
}

/**
 * Microseconds of a total from which it counts as expensive: half of the cores count, the other half find single users
 * meanwhile.
 */
const expensiveFrom = 50_000;

/** Milliseconds after which the statistics behind the plans are read again; a search waits for the first only. */
const statisticsLifetime = 60_000;

/**
 * How connections that search are set: plans follow the values asked for, and tables are not read from end to end
 * where an index can narrow.
 */
export const searchSettings = {
  enable_seqscan: 'off',
  // Several searches at a time keep the cores busy; helpers would only take turns with them.
  max_parallel_workers_per_gather: '0',
  plan_cache_mode: 'force_custom_plan',
  jit: 'off',
  work_mem: '64MB',
};

/** @param database a pool whose connections have `searchSettings` and the search's own time limit */
export function createUserSearch(database: Database): UserSearch {
  let isComplete = false;
  let statistics: SearchStatistics | undefined;
  let refreshAt = 0;

  const assertComplete = async () => {
    if (isComplete) return;
    const { version, rebuild } = await readSearchState(database);
    if (version !== searchEntryVersion)
      throw new SearchIndexIncompleteError(rebuild?.count ?? 0, await estimateUserCount(database));
    isComplete = true;
  };

  const getStatistics = async (): Promise<SearchStatistics> => {
    const now = performance.now();
    if (statistics && now < refreshAt) return statistics;
    refreshAt = now + statisticsLifetime;
    const loading = loadStatistics(database).then((loaded) => {
      statistics = loaded;
      return loaded;
    });
    if (!statistics) return loading;
    // What was known serves until a later attempt succeeds.
    loading.catch(() => undefined);
    return statistics;
  };

  const expensive = createLane(Math.max(1, Math.floor(availableParallelism() / 2)));

  const find = async (request: SearchRequest, known: SearchStatistics): Promise<FoundPage> => {
    const plan = planPage(request.node, request.sort, request.offset + request.limit, known);
    try {
      return await findPage(database, { ...request, plan, statistics: known });
    } catch (cause) {
      throw isCanceled(cause) ? new SearchTimeoutError({ cause }) : cause;
    }
  };

  return {
    find: async (request) => {
      await assertComplete();
      const known = await getStatistics();
      const isExpensive =
        request.wantsTotal &&
        estimateDrive(request.node, known) > expensiveFrom &&
        request.node.kind !== 'all';
      return isExpensive ? expensive(() => find(request, known)) : find(request, known);
    },
  };
}

/** Lets so much work run at a time; the rest waits its turn. */
function createLane(width: number): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

/** SQLSTATE 57014: the statement's time limit, or an operator, ended it. */
function isCanceled(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === '57014';
}
