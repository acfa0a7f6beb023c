import { parseArgs } from 'node:util';
import { ConfigError } from '../platform/config-error.ts';
import { openServer, readProperty, type ServerClient } from './server-client.ts';

/** Rows of errors that are asked for at a time. */
const pageSize = 1_000;

/** `jobs`, `jobs ID`, `jobs cancel ID`, `jobs errors ID`. @returns the exit code */
export async function runJobsCommand(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { url: { type: 'string' } },
  });
  const server = await openServer(values.url, process.env);
  const [first, second, ...rest] = positionals;
  if (rest.length > 0) throw new ConfigError('Use jobs, jobs ID, jobs cancel ID or jobs errors ID.');
  if (first === undefined) return list(server);
  if (second === undefined) return show(await server.call('GET', `/jobs/${encodeURIComponent(first)}`));
  if (first === 'cancel')
    return show(await server.call('POST', `/jobs/${encodeURIComponent(second)}/cancel`));
  if (first === 'errors') return listErrors(server, second);
  throw new ConfigError('Use jobs, jobs ID, jobs cancel ID or jobs errors ID.');
}

async function list(server: ServerClient): Promise<number> {
  const jobs = await server.call('GET', '/jobs?per_page=20');
  if (!Array.isArray(jobs) || jobs.length === 0) {
    process.stdout.write('No jobs. `import FILE` and `export` make some.\n');
    return 0;
  }
  for (const job of jobs) {
    const [id, type, status, createdAt] = ['id', 'type', 'status', 'created_at'].map((name) =>
      readProperty(job, name),
    );
    const share = readProperty(job, 'percentage_done');
    const progress = share === undefined ? '' : `  ${share}%`;
    process.stdout.write(`${id}  ${createdAt}  ${type}  ${status}${progress}\n`);
  }
  return 0;
}

function show(job: unknown): number {
  process.stdout.write(`${JSON.stringify(job, undefined, 2)}\n`);
  return 0;
}

/** One JSON object a line, page by page: there may be a million. */
async function listErrors(server: ServerClient, id: string): Promise<number> {
  for (let from = 0; ; ) {
    const rows = await server.call(
      'GET',
      `/jobs/${encodeURIComponent(id)}/errors?from=${from}&take=${pageSize}`,
    );
    if (!Array.isArray(rows) || rows.length === 0) return 0;
    process.stdout.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    from = Number(readProperty(rows.at(-1), 'row'));
  }
}
