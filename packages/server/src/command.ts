import { parseArgs } from 'node:util';
import { bootstrap } from './bootstrap.ts';
import {
  runExportCommand,
  runImportCommand,
  runJobsCommand,
  ServerRefusal,
  ServerUnreachableError,
} from './commands/index.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { addDemoUsers } from './demo/index.ts';
import { bulkWriteSettings, type Database, openDatabase } from './platform/database/database.ts';
import { createSecretBox } from './platform/secrets/secret-box.ts';
import { provideCommandDatabase } from './process/database-connection.ts';
import { loadSecretKey } from './process/secret-key.ts';
import { describeStartError } from './process/start-errors.ts';
import { rebuildSearchIndex } from './users/index.ts';

const usage = `Usage: npm run muster -- <command>

  demo-users [--count N] [--seed S]   fill the directory with N plausible people (default 1000), the same
                                      ones for the same seed; works while the server runs and without it
  reindex                             make the search index anew, while the server runs or without it; after an
                                      interruption it goes on where it was

Against a running server (--url, default MUSTER_PUBLIC_URL or http://localhost:3000) with the client of
MUSTER_MANAGEMENT_CLIENT_ID and MUSTER_MANAGEMENT_CLIENT_SECRET:

  import FILE [--connection NAME] [--upsert] [--merge-metadata] [--dry-run] [--external-id ID] [--report FILE]
                                      import users: JSON, JSON lines or CSV, plain or gzip; after an interruption
                                      the same command goes on
  export [FILE] [--format json|csv] [--fields a,b.c=NAME] [--q QUERY] [--connection NAME] [--limit N]
         [--include-password-hashes]  export users into a gzip file, which import takes as it is
  jobs [ID | cancel ID | errors ID]   the latest jobs, one of them, or what failed in it
`;

/** Commands that talk to a running server. */
const clientCommands: Readonly<Record<string, (words: readonly string[]) => Promise<number>>> = {
  import: runImportCommand,
  export: runExportCommand,
  jobs: runJobsCommand,
};
/** Their messages are for the caller; anything else shows its stack. */
const plainErrors = [ConfigError, TypeError, ServerRefusal, ServerUnreachableError];

try {
  const [name = '', ...words] = process.argv.slice(2);
  const clientCommand = Object.hasOwn(clientCommands, name) ? clientCommands[name] : undefined;
  if (clientCommand && !words.includes('--help')) process.exitCode = await clientCommand(words);
  else await runCommand(process.argv.slice(2));
} catch (error) {
  const isPlain = plainErrors.some((kind) => error instanceof kind) || isFileError(error);
  process.stderr.write(`${isPlain && error instanceof Error ? error.message : describeStartError(error)}\n`);
  process.exit(1);
}

function isFileError(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'EISDIR'].includes(String(error.code))
  );
}

async function runCommand(words: string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      count: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(usage);
    return;
  }
  if (rest.length > 0) throw new ConfigError(`Unknown command ${positionals.join(' ')}.\n\n${usage}`);
  switch (command) {
    case 'demo-users': {
      const count = readCount('--count', values.count);
      const seed = readCount('--seed', values.seed);
      return fillWithDemoUsers(readConfig(process.env), count, seed);
    }
    case 'reindex':
      return reindex(readConfig(process.env));
    default:
      throw new ConfigError(`Unknown command ${command}.\n\n${usage}`);
  }
}

function readCount(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new ConfigError(`${name} must be a whole number, not "${text}".`);
  return Number(text);
}

/** Opens the directory's database, made ready, for the time of some work on it. */
async function withDatabase(config: Config, work: (database: Database) => Promise<void>): Promise<void> {
  const secretKey = await loadSecretKey(config.secretKey, config.dataFolder);
  const running = await provideCommandDatabase(config, (line) => process.stderr.write(`${line}\n`));
  const opened = openDatabase({
    connection: running.connection,
    poolSize: 2,
    statementTimeout: 600_000,
    settings: bulkWriteSettings,
  });
  try {
    await bootstrap(opened.database, config, createSecretBox(secretKey), 'command');
    await work(opened.database);
  } finally {
    await opened.close();
    await running.stop();
  }
}

function reindex(config: Config): Promise<void> {
  return withDatabase(config, async (database) => {
    const startedAt = performance.now();
    const stopping = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
    const { count, isComplete } = await rebuildSearchIndex(database, {
      onProgress: ({ done, expected }) => showProgress(done, expected, startedAt),
      signal: stopping.signal,
    });
    process.stderr.write('\n');
    process.stdout.write(
      isComplete
        ? `${count} users indexed. The search index is complete.\n`
        : `${count} users indexed. Run it again to go on from here.\n`,
    );
  });
}

function fillWithDemoUsers(config: Config, count: number, seed: number): Promise<void> {
  return withDatabase(config, async (database) => {
    const startedAt = performance.now();
    const inserted = await addDemoUsers(database, {
      count,
      seed,
      onProgress: (done) => showProgress(done, count, startedAt),
    });
    process.stderr.write('\n');
    process.stdout.write(
      `${inserted} users added${inserted < count ? `, ${count - inserted} were there already` : ''}.\n`,
    );
  });
}

function showProgress(done: number, count: number, startedAt: number): void {
  const rate = done / ((performance.now() - startedAt) / 1000);
  const line = `${done} of ${count} users, ${Math.round(rate)}/s, ${Math.ceil((count - done) / rate)} s left`;
  process.stderr.write(
    process.stderr.isTTY ? `\r\x1b[2K${line}` : done === count || done % 100_000 === 0 ? `${line}\n` : '',
  );
}
