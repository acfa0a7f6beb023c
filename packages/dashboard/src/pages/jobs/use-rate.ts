import { useState } from 'react';
import { countDone, isRunning, type Job } from './job-queries.ts';

interface Sight {
  readonly id: string;
  readonly rows: number;
  /** Milliseconds. */
  readonly at: number;
}

/** Seconds that are watched before a rate means something. */
const shortestWatch = 1;

/** Rows a second of a running job since it was first seen; undefined until there is something to tell. */
export function useRate(job: Job | undefined): number | undefined {
  const [first, setFirst] = useState<Sight>();
  const rows = job && isRunning(job) ? countDone(job) : undefined;
  if (job === undefined || rows === undefined) return undefined;
  const now = performance.now();
  if (first?.id !== job.id) {
    setFirst({ id: job.id, rows, at: now });
    return undefined;
  }
  const seconds = (now - first.at) / 1000;
  return seconds < shortestWatch || rows === first.rows
    ? undefined
    : Math.round((rows - first.rows) / seconds);
}
