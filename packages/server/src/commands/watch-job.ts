import { setTimeout as wait } from 'node:timers/promises';
import { type Progress, startProgress } from './progress-line.ts';
import { readProperty, readText, type ServerClient } from './server-client.ts';

const pollInterval = 500;

/** Shows a job's progress until it has ended. @returns the job as the server shows it then */
export async function watchJob(server: ServerClient, id: string, name: string): Promise<unknown> {
  const progress = startProgress(name);
  const startedAt = performance.now();
  let first: number | undefined;
  for (;;) {
    const job = await server.call('GET', `/jobs/${id}`);
    const status = readText(job, 'status');
    const rows = Number(readProperty(readProperty(job, 'summary'), 'total') ?? 0);
    first ??= rows;
    const rate = Math.round((rows - first) / ((performance.now() - startedAt) / 1000));
    progress.show(describeProgress(job, rate));
    if (status !== 'pending' && status !== 'processing') {
      progress.end();
      return job;
    }
    await wait(pollInterval);
  }
}

/** @param rate rows a second since this command began to look */
export function describeProgress(job: unknown, rate: number): Progress {
  const left = readProperty(job, 'time_left_seconds');
  const rows = readProperty(readProperty(job, 'summary'), 'total');
  const texts = [
    ...(typeof rows === 'number' ? [`${rows} rows`] : [readText(job, 'status')]),
    ...(readProperty(job, 'phase') === 'building_indexes'
      ? ['building indexes']
      : rate > 0
        ? [`${rate}/s`]
        : []),
  ];
  return {
    done: Number(readProperty(job, 'percentage_done') ?? 0),
    total: 100,
    text: texts.join(', '),
    left: typeof left === 'number' && left > 0 ? left : null,
  };
}
