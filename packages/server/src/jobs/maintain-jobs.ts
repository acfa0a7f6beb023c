import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../platform/database/database.ts';
import { deleteExpiredJobs } from '../platform/jobs/index.ts';

/** Milliseconds between two rounds. */
const interval = 600_000;

/** Deletes ended jobs and what they left, once their time is over. @param options.retentionHours since their end */
export function startJobMaintenance(options: {
  readonly database: Database;
  readonly retentionHours: number;
  readonly logger: FastifyBaseLogger;
}): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      try {
        await deleteExpiredJobs(options.database, new Date(Date.now() - options.retentionHours * 3_600_000));
      } catch (error) {
        options.logger.error({ err: error }, 'expired jobs could not be deleted; trying again later');
      }
      await wait(interval, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}
