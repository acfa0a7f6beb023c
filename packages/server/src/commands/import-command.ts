import { parseArgs } from 'node:util';
import { ConfigError } from '../platform/config-error.ts';
import { downloadFile } from './download-file.ts';
import { findConnectionId } from './find-connection-id.ts';
import { openServer, readProperty, readText, type ServerClient, ServerRefusal } from './server-client.ts';
import { uploadFile } from './upload-file.ts';
import { openNotes, type UploadNotes } from './upload-note.ts';
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
  const notes = await openNotes(server, path);
  const id = await startImport(server, path, notes, {
    connection_id: connectionId,
    upsert: String(values.upsert),
    merge_metadata: String(values['merge-metadata']),
    dry_run: String(values['dry-run']),
    send_completion_email: 'false',
    ...(values['external-id'] === undefined ? {} : { external_id: values['external-id'] }),
  });
  const job = await watchJob(server, id, values['dry-run'] ? 'Checking' : 'Importing');
  await notes.remove();
  return report(server, job, values.report);
}

/** Sends the file and asks for its import, once, however often the command is interrupted. @returns the job's id */
async function startImport(
  server: ServerClient,
  path: string,
  notes: UploadNotes,
  fields: Readonly<Record<string, string>>,
): Promise<string> {
  const ask = async (uploadId: number): Promise<string> => {
    const form = new FormData();
    form.set('upload_id', String(uploadId));
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    await notes.write({ id: uploadId, isSent: true });
    try {
      const id = readText(await server.send('POST', '/jobs/users-imports', form), 'id');
      process.stderr.write(`Job ${id}. It goes on when this command is interrupted: muster jobs ${id}\n`);
      return id;
    } catch (error) {
      const id = error instanceof ServerRefusal ? readProperty(error.body, 'job_id') : undefined;
      if (typeof id !== 'string') throw error;
      process.stderr.write(`Job ${id} imports this file already.\n`);
      return id;
    }
  };
  const known = await notes.read();
  if (known?.isSent) {
    try {
      return await ask(known.id);
    } catch (error) {
      // The upload is over, and no import was made of it.
      if (!(error instanceof ServerRefusal && error.status === 404)) throw error;
      await notes.remove();
    }
  }
  return ask(await uploadFile(server, path, notes));
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
