import { parseArgs } from 'node:util';
import { ImportedUser, listUserRoles } from '@muster/contract';
import { ConfigError } from '../platform/config-error.ts';
import { downloadFile } from './download-file.ts';
import { findConnectionId } from './find-connection-id.ts';
import { formatBytes } from './progress-line.ts';
import { openServer, readProperty, readText, type ServerClient } from './server-client.ts';
import { watchJob } from './watch-job.ts';

const credentials = ['password_hash', 'custom_password_hash', 'mfa_factors'];
/** Everything that an import takes. */
const allFields = Object.keys(ImportedUser.properties).filter((name) => !credentials.includes(name));

/** `export [FILE]`. @returns the exit code: 0, or 1 when the job failed */
export async function runExportCommand(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      connection: { type: 'string' },
      format: { type: 'string', default: 'json' },
      fields: { type: 'string' },
      q: { type: 'string' },
      limit: { type: 'string' },
      'include-password-hashes': { type: 'boolean', default: false },
    },
  });
  const { format } = values;
  if (format !== 'json' && format !== 'csv') throw new ConfigError('--format must be json or csv.');
  if (values.limit !== undefined && !/^[1-9]\d{0,11}$/.test(values.limit))
    throw new ConfigError(`--limit must be a whole number from 1 on, not "${values.limit}".`);
  const [path = `users.${format}.gz`, ...rest] = positionals;
  if (rest.length > 0) throw new ConfigError('Name one file at most: export [FILE] [options].');
  const server = await openServer(values.url, process.env);
  const created = await server.call('POST', '/jobs/users-exports', {
    format,
    fields: values.fields === undefined ? await listAllFields(server) : readFields(values.fields),
    ...(values.connection === undefined
      ? {}
      : { connection_id: await findConnectionId(server, values.connection) }),
    ...(values.q === undefined ? {} : { q: values.q }),
    ...(values.limit === undefined ? {} : { limit: Number(values.limit) }),
    ...(values['include-password-hashes'] ? { include_password_hashes: true } : {}),
  });
  const job = await watchJob(server, readText(created, 'id'), 'Exporting');
  const location = readProperty(job, 'location');
  if (typeof location !== 'string') {
    const details = readProperty(job, 'status_details');
    process.stderr.write(
      `The export ${readText(job, 'status')}${typeof details === 'string' ? `: ${details}` : '.'}\n`,
    );
    return 1;
  }
  const size = await downloadFile(server, location, path);
  process.stdout.write(`${path}: ${formatBytes(size)}, gzip.\n`);
  return 0;
}

/** Everything that the client may read of it: who has which role needs scopes of its own. */
async function listAllFields(server: ServerClient): Promise<{ name: string }[]> {
  const scopes = await server.readScopes();
  const missing = (listUserRoles.requiredScopes ?? []).filter((scope) => !scopes.has(scope));
  if (missing.length > 0)
    process.stderr.write(`Without roles, which need the scope ${missing.join(' and ')}.\n`);
  return allFields.filter((name) => name !== 'roles' || missing.length === 0).map((name) => ({ name }));
}

/** `email,user_metadata.plan=plan`: paths, each with the name of its column if it has another one. */
function readFields(text: string): { name: string; export_as?: string }[] {
  return text.split(',').map((field) => {
    const [name = '', ...rest] = field.split('=');
    return rest.length === 0
      ? { name: name.trim() }
      : { name: name.trim(), export_as: rest.join('=').trim() };
  });
}
