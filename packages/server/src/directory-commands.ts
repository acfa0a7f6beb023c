import { bootstrap } from './bootstrap.ts';
import { readConfig } from './config.ts';
import { addDemoUsers } from './demo/index.ts';
import { bulkWriteSettings, type Database, openDatabase } from './platform/database/database.ts';
import { createSecretBox } from './platform/secrets/secret-box.ts';
import { provideCommandDatabase } from './process/database-connection.ts';
import { loadSecretKey } from './process/secret-key.ts';
import { rebuildSearchIndex } from './users/index.ts';

/** Opens the directory's database, made ready, for the time of some work on it. */
async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const config = readConfig(process.env);
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

/** Makes the search index anew. */
export function reindex(): Promise<void> {
  return withDatabase(async (database) => {
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

/** Adds plausible people. */
export function fillWithDemoUsers(count: number, seed: number): Promise<void> {
  return withDatabase(async (database) => {
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
