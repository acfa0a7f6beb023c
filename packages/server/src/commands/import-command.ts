import { parseArgs } from 'node:util';
import { ConfigError } from '../platform/config-error.ts';
import { downloadFile } from './download-file.ts';
import { findConnectionId } from './find-connection-id.ts';
import { openServer, readProperty, readText, type ServerClient } from './server-client.ts';
import { uploadFile } from './upload-file.ts';
import { watchJob } from './watch-job.ts';

/** Errors that are shown at the end; the rest is in the report. */
const shownErrors = 10;

/** `import FILE`. @returns the exit code: 0, 1 when the job failed, 3 when rows did */
export async function runImportCommand(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      connection: { type: 'string', default: 'Username-Password-Authentication' },
      upsert: { type: 'boolean', default: false },
      'merge-metadata': { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      'external-id': { type: 'string' },
      report: { type: 'string' },
    },
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) throw new ConfigError('Name one file: import FILE [options].');
  const server = await openServer(values.url, process.env);
  const connectionId = await findConnectionId(server, values.connection);
  const form = new FormData();
  form.set('upload_id', String(await uploadFile(server, path)));
  form.set('connection_id', connectionId);
  form.set('upsert', String(values.upsert));
  form.set('merge_metadata', String(values['merge-metadata']));
  form.set('dry_run', String(values['dry-run']));
  form.set('send_completion_email', 'false');
  if (values['external-id'] !== undefined) form.set('external_id', values['external-id']);
  const created = await server.send('POST', '/jobs/users-imports', form);
  const id = readText(created, 'id');
  process.stderr.write(`Job ${id}. It goes on when this command is interrupted: muster jobs ${id}\n`);
  const job = await watchJob(server, id, values['dry-run'] ? 'Checking' : 'Importing');
  return report(server, job, values.report);
}

async function report(server: ServerClient, job: unknown, reportPath: string | undefined): Promise<number> {
  const summary = readProperty(job, 'summary');
  const count = (name: string) => Number(readProperty(summary, name) ?? 0);
  process.stdout.write(
    `${count('inserted')} inserted, ${count('updated')} updated, ${count('unchanged')} unchanged, ${count('failed')} failed, ${count('total')} rows.\n`,
  );
  const id = readText(job, 'id');
  if (count('failed') > 0) await showErrors(server, id, count('failed'));
  const location = readProperty(job, 'report_location');
  if (reportPath !== undefined && typeof location === 'string') {
    await downloadFile(server, location, reportPath);
    process.stdout.write(`The fate of every row is in ${reportPath}.\n`);
  }
  const status = readText(job, 'status');
  if (status !== 'completed') {
    const details = readProperty(job, 'status_details');
    process.stderr.write(`The import ${status}${typeof details === 'string' ? `: ${details}` : '.'}\n`);
    return 1;
  }
  return count('failed') > 0 ? 3 : 0;
}

async function showErrors(server: ServerClient, id: string, failed: number): Promise<void> {
  const rows = await server.call('GET', `/jobs/${id}/errors?take=${shownErrors}`);
  if (!Array.isArray(rows)) return;
  for (const row of rows) {
    const errors: unknown = readProperty(row, 'errors');
    const texts = Array.isArray(errors)
      ? errors.map((error) => `${readProperty(error, 'code')}: ${readProperty(error, 'message')}`)
      : [];
    process.stdout.write(
      `  row ${readProperty(row, 'row')}, line ${readProperty(row, 'line')}: ${texts.join('; ')}\n`,
    );
  }
  if (failed > rows.length)
    process.stdout.write(`  and ${failed - rows.length} more: --report FILE, or muster jobs errors ${id}\n`);
}
