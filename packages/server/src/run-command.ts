import { parseArgs } from 'node:util';
import {
  runExportCommand,
  runImportCommand,
  runJobsCommand,
  ServerRefusal,
  ServerUnreachableError,
} from './commands/index.ts';
import { ConfigError } from './platform/config-error.ts';

/* Half of the server is loaded for the commands that open its database, and for no others. */

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
  const text = isPlain && error instanceof Error ? error.message : await describe(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

async function describe(error: unknown): Promise<string> {
  const { describeStartError } = await import('./process/start-errors.ts');
  return describeStartError(error);
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
      const { fillWithDemoUsers } = await import('./directory-commands.ts');
      return fillWithDemoUsers(count, seed);
    }
    case 'reindex': {
      const { reindex } = await import('./directory-commands.ts');
      return reindex();
    }
    default:
      throw new ConfigError(`Unknown command ${command}.\n\n${usage}`);
  }
}

function readCount(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new ConfigError(`${name} must be a whole number, not "${text}".`);
  return Number(text);
}
