import { availableParallelism } from 'node:os';
import type { Database } from '../../platform/database/database.ts';
import { workWithin } from './bounded-statement-store.ts';
import { estimateDrive } from './drive.ts';
import { searchEntryVersion } from './entry.ts';
import { SearchAbandonedError, SearchIndexIncompleteError, SearchTimeoutError } from './errors.ts';
import type { IdentityTest, IndexNode } from './index-node.ts';
import type { PageRequest, Position } from './page-request.ts';
import { type FoundPage, findPage } from './pages-store.ts';
import { planPage } from './plan.ts';
import { createQueue } from './queue.ts';
import type { SortOrder } from './sort-order.ts';
import { estimateUserCount, readSearchState } from './state-store.ts';
import type { SearchStatistics } from './statistics.ts';
import { loadStatistics } from './statistics-store.ts';
import { hasSteadyPlan } from './steady-plan.ts';

export interface SearchRequest {
  readonly node: IndexNode;
  readonly sort: SortOrder;
  readonly offset: number;
  readonly limit: number;
  /** Only what comes after this place; with an offset of 0. */
  readonly after?: Position;
  /** `ifQuick`: only where counting is not expensive, so that a page never waits for it. */
  readonly wantsTotal: boolean | 'ifQuick';
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
}

export interface UserSearch {
  /**
   * Finds one page of users: their ids in order, and the exact number of all matches when it is wanted. Sees every
   * write that was answered before.
   * @throws SearchTimeoutError, SearchOverloadError, SearchIndexIncompleteError, SearchAbandonedError
   */
  find(request: SearchRequest): Promise<FoundPage>;
}

/** Connections of a serving process that search; the rest of the searches wait, so that writes never do. */
export const searchPoolSize = 8;

/** How many expensive searches work at a time, on half of the cores and of the connections. */
export const expensiveSearches = widthOfExpensive(searchPoolSize);

function widthOfExpensive(poolSize: number): number {
  return Math.max(1, Math.min(Math.floor(availableParallelism() / 2), Math.floor((poolSize - 1) / 2)));
}

export interface SearchCapacity {
  /** Milliseconds within which a search is answered or refused: waiting for its turn and for its rows together. */
  readonly timeout: number;
  /** Connections of the pool. */
  readonly poolSize: number;
  /** A pool with `preparedSearchSettings`, whose connections keep their statements. */
  readonly preparedDatabase?: Database;
  /** A pool like the first, with connections for `expensiveSearches`, whose work gives way to all other. */
  readonly patientDatabase?: Database;
}

/**
 * From when a search counts as expensive: half of the cores and of the connections work on those, the others find single
 * users meanwhile.
 */
const expensiveFrom = {
  /** Microseconds of a total. */
  total: 50_000,
  /** Lists that PostgreSQL has to plan for, and the values in them. */
  lists: 40,
  values: 2_000,
};

/** Searches that may wait; what is beyond could not be answered in time. */
const mostWaiting = { expensive: 30, all: 300 };

/** Milliseconds of waiting that a statement is not told of. */
const shortWait = 50;

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

/** For connections whose statements keep one plan, made without the values (`hasSteadyPlan`). */
export const preparedSearchSettings = { ...searchSettings, plan_cache_mode: 'force_generic_plan' };

/** Connections of a serving process that keep plans: such searches take a millisecond, and each keeps plans of its own. */
export const preparedSearchPoolSize = 4;

/** @param database a pool whose connections have `searchSettings` and the capacity's time limit */
export function createUserSearch(
  database: Database,
  { timeout, poolSize, preparedDatabase, patientDatabase }: SearchCapacity,
): UserSearch {
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

  // One connection is left for reading statistics.
  const all = createQueue(Math.max(1, poolSize - 1), mostWaiting.all);
  const expensive = createQueue(widthOfExpensive(poolSize), mostWaiting.expensive);

  const answer = async (
    connections: Database,
    request: PageRequest,
    deadline: number,
    signal?: AbortSignal,
  ): Promise<FoundPage> => {
    const left = deadline - performance.now();
    const bounds = {
      ...(left > timeout - shortWait ? {} : { limit: left }),
      ...(signal ? { signal } : {}),
      canceller: database,
    };
    try {
      return await workWithin(connections, bounds, (session) => findPage(session, request));
    } catch (cause) {
      if (signal?.aborted) throw new SearchAbandonedError({ cause });
      throw isCanceled(cause) ? new SearchTimeoutError({ cause }) : cause;
    }
  };

  return {
    find: async (request) => {
      const deadline = performance.now() + timeout;
      await assertComplete();
      const statistics = await getStatistics();
      const plan = planPage(request.node, request.sort, request.offset + request.limit, statistics);
      const wantsTotal =
        request.wantsTotal === 'ifQuick' ? isTotalQuick(request.node, statistics) : request.wantsTotal;
      const counted = { ...request, wantsTotal };
      const { signal } = request;
      const page = { ...counted, plan, statistics };
      if (!isExpensive(counted, statistics))
        return all.run(
          deadline,
          () => answer(preparedDatabase && hasSteadyPlan(page) ? preparedDatabase : database, page, deadline),
          signal,
        );
      // Asking which connection it is, so that it can be cancelled, costs a round trip: little beside an expensive search.
      const answerOn = (connections: Database) => answer(connections, page, deadline, signal);
      const find = patientDatabase
        ? () => answerOn(patientDatabase)
        : () => all.run(deadline, () => answerOn(database), signal);
      return expensive.run(deadline, find, signal);
    },
  };
}

function isTotalQuick(node: IndexNode, statistics: SearchStatistics): boolean {
  return estimateDrive(node, statistics) <= expensiveFrom.total;
}

function isExpensive(
  { node, wantsTotal }: SearchRequest & { readonly wantsTotal: boolean },
  statistics: SearchStatistics,
): boolean {
  if (node.kind === 'all') return false;
  const { lists, values } = measure(node);
  if (lists > expensiveFrom.lists || values > expensiveFrom.values) return true;
  return wantsTotal && !isTotalQuick(node, statistics);
}

/** The size of a query: its lists, and the values in them. */
function measure(node: IndexNode): { lists: number; values: number } {
  switch (node.kind) {
    case 'terms':
      return { lists: 1, values: node.anyOf.length };
    case 'column':
      return { lists: 1, values: node.test.kind === 'any-of' ? node.test.values.length : 1 };
    case 'identity':
      return { lists: 1, values: sum(node.tests.map(countValues)) };
    case 'not':
    case 'same-identity':
    case 'different-identities':
      return measure(node.child);
    case 'and':
    case 'or': {
      const sizes = node.children.map(measure);
      return { lists: sum(sizes.map(({ lists }) => lists)), values: sum(sizes.map(({ values }) => values)) };
    }
    default:
      return { lists: 1, values: 1 };
  }
}

function countValues(test: IdentityTest): number {
  if (test.kind === 'or') return sum(test.tests.map(countValues));
  return test.kind === 'any-of' ? test.values.length : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** SQLSTATE 57014: the statement's time limit, or an operator, ended it. */
function isCanceled(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === '57014';
}
