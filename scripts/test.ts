/**
 * What `npm test` runs: the fast checks, the suite on the embedded PostgreSQL, and the suite once more on a second
 * PostgreSQL reached by a URL: the machine's own if it has version 15 or newer, else another embedded one.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { startSecondPostgres } from './second-postgres.ts';

const root = resolve(import.meta.dirname, '..');

function run(
  title: string,
  command: string,
  words: readonly string[],
  environment: Record<string, string> = {},
): void {
  process.stdout.write(`\n── ${title}\n`);
  const { status } = spawnSync(command, words, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) throw new Error(`${title} failed.`);
}

run('types, lint, format, import floors', 'npm', ['run', '--silent', 'check']);
run('the suite on the embedded PostgreSQL', 'vitest', ['run']);

/*
 * The second run is about SQL on another version of PostgreSQL. What concerns the embedded database, Muster's processes,
 * parsers, hashes and wire formats has nothing to say there; the longest comparison of search plans, the fuzzers and what is
 * done ten thousand times are made once.
 */
const databaseIndependent = [
  '**/embedded/**',
  '**/passwords/**',
  'packages/contract/**',
  'packages/query/**',
  '**/client-commands.test.ts',
  '**/*garbage.test.ts',
  '**/contract.test.ts',
  '**/*official*.test.ts',
  '**/platform/mail/**',
  '**/worker-metrics.test.ts',
  '**/hosted-pages.test.ts',
  '**/sign-in-attacks.test.ts',
  '**/token-grants.test.ts',
  '**/authorization-endpoint.test.ts',
  '**/device-grants.test.ts',
  '**/dashboard*.test.ts',
  'packages/dashboard/**',
  '**/browser-applications.test.ts',
  '**/sign-in/pages/**',
  '**/*-crash.test.ts',
  '**/lifecycle*.test.ts',
  '**/release.test.ts',
  '**/plans.test.ts',
  '**/consistency.test.ts',
  '**/fuzz.test.ts',
  '**/large-queries.test.ts',
  'packages/server/test/roles*.test.ts',
];
const second = await startSecondPostgres();
try {
  run(
    `the suite on a second PostgreSQL (${second.version})`,
    'vitest',
    ['run', ...databaseIndependent.flatMap((pattern) => ['--exclude', pattern])],
    {
      TEST_DATABASE_URL: second.url,
    },
  );
} finally {
  await second.stop();
}
