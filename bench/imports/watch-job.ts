import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

export interface WatchedJob {
  /** Seconds from its first step to its end. */
  readonly seconds: number;
  /** Rows that had their fate after so many seconds. */
  readonly progress: readonly { readonly seconds: number; readonly rows: number }[];
  /** Resident megabytes of the process that works on it, once a second. */
  readonly memory: readonly number[];
  readonly location: string | undefined;
  readonly summary: unknown;
}

/** Waits for a job's end and keeps what can be seen of it from outside. @param server process id of Muster */
export async function watchJob(api: string, token: string, id: string, server: number): Promise<WatchedJob> {
  const progress: { seconds: number; rows: number }[] = [];
  const memory: number[] = [];
  let startedAt: number | undefined;
  for (;;) {
    const answer = await fetch(`${api}/jobs/${id}`, { headers: { authorization: `Bearer ${token}` } });
    const job: unknown = await answer.json();
    if (typeof job !== 'object' || job === null) throw new Error(`no job: ${JSON.stringify(job)}`);
    const status: unknown = Reflect.get(job, 'status');
    const summary: unknown = Reflect.get(job, 'summary');
    if (status !== 'pending') startedAt ??= performance.now();
    const seconds = startedAt === undefined ? 0 : (performance.now() - startedAt) / 1000;
    const rows = typeof summary === 'object' && summary !== null ? Number(Reflect.get(summary, 'total')) : 0;
    progress.push({ seconds, rows });
    const worker = findJobProcess(server);
    if (worker !== undefined) memory.push(readResidentMegabytes(worker));
    if (status === 'completed') {
      const location: unknown = Reflect.get(job, 'location');
      return {
        seconds,
        progress,
        memory,
        summary,
        location: typeof location === 'string' ? location : undefined,
      };
    }
    if (status === 'failed') throw new Error(`the job failed: ${JSON.stringify(job)}`);
    await wait(status === 'pending' ? 50 : 500);
  }
}

/** Rows a second of one part of the rows, such as 0 to 0.1 for the first tenth. */
export function rateBetween({ progress }: WatchedJob, from: number, to: number): number {
  const all = progress.at(-1)?.rows ?? 0;
  const at = (share: number) => {
    const reached = progress.findIndex(({ rows }) => rows >= all * share);
    const after = progress[reached];
    const before = progress[reached - 1] ?? { seconds: 0, rows: 0 };
    if (!after) throw new Error('the job did not get so far');
    const part = after.rows === before.rows ? 0 : (all * share - before.rows) / (after.rows - before.rows);
    return before.seconds + part * (after.seconds - before.seconds);
  };
  return (all * (to - from)) / (at(to) - at(from));
}

/** Linux alone keeps these files. */
function findJobProcess(server: number): number | undefined {
  const children = readFileSync(`/proc/${server}/task/${server}/children`, 'utf8').trim().split(' ');
  const found = children.find(
    (pid) => pid !== '' && readOrNothing(`/proc/${pid}/cmdline`).includes('jobs-main'),
  );
  return found === undefined ? undefined : Number(found);
}

function readResidentMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+) kB/.exec(readOrNothing(`/proc/${pid}/status`)) ?? [];
  return Number(kilobytes) / 1024;
}

/** A process may end between two looks. */
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
