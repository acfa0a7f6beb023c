import { setTimeout as wait } from 'node:timers/promises';
import { startProgress } from './progress-line.ts';
import { readProperty, readText, type ServerClient } from './server-client.ts';

const pollInterval = 500;

/** Shows a job's progress until it has ended. @returns the job as the server shows it then */
export async function watchJob(server: ServerClient, id: string, name: string): Promise<unknown> {
  const progress = startProgress(name);
  const startedAt = performance.now();
  for (;;) {
    const job = await server.call('GET', `/jobs/${id}`);
    const status = readText(job, 'status');
    const share = Number(readProperty(job, 'percentage_done') ?? 0);
    const rows = readProperty(readProperty(job, 'summary'), 'total');
    const rate =
      typeof rows === 'number' ? Math.round(rows / ((performance.now() - startedAt) / 1000)) : undefined;
    const text = rate === undefined ? status : `${rows} rows, ${rate}/s`;
    progress.show({ done: share, total: 100, text });
    if (status !== 'pending' && status !== 'processing') {
      progress.end();
      return job;
    }
    await wait(pollInterval);
  }
}
