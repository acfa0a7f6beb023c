import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/database/embedded/index.ts';
import { isServerOf } from '../../src/platform/database/embedded/postmaster-file.ts';
import { type DatabaseOwner, startOwner } from './embedded-postgres-owner.ts';
import { testDatabaseMemory } from './test-database-memory.ts';

/** What a table in every prepared folder holds. */
export const kept = [{ word: 'kept' }];

export interface EmbeddedFolders {
  readonly workspace: () => string;
  /** A path where nothing is yet. */
  emptyFolder(): string;
  /** A data folder whose first start is behind it, with a table `kept`. */
  preparedFolder(): string;
  /** Starts in this process; stopped after the test. */
  start(dataFolder: string, onNotice?: (line: string) => void): Promise<EmbeddedPostgres>;
  /** Starts in a process of its own; it and its server are killed after the test. */
  own(dataFolder: string, options?: Parameters<typeof startOwner>[1]): DatabaseOwner;
  /** Runs after the test, the last one first. */
  afterwards(stop: () => Promise<unknown>): void;
}

/** Folders and servers for the tests of one file, cleaned up behind them. */
export function useEmbeddedFolders(): EmbeddedFolders {
  let workspace = '';
  let count = 0;
  const stops: (() => Promise<unknown>)[] = [];
  const prepared = () => join(workspace, 'prepared');
  const emptyFolder = () => {
    count += 1;
    return join(workspace, `data${count}`);
  };

  beforeAll(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'muster-embedded-'));
    await chmod(workspace, 0o755);
    const database = await startEmbeddedPostgres({ dataFolder: prepared(), memory: testDatabaseMemory });
    await query(database, "CREATE TABLE kept AS SELECT 'kept' AS word");
    await database.stop();
  }, 60_000);
  afterEach(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop();
  });
  afterAll(() => rm(workspace, { recursive: true, force: true }));

  return {
    workspace: () => workspace,
    emptyFolder,
    preparedFolder: () => {
      const folder = emptyFolder();
      execFileSync('cp', ['-a', prepared(), folder]);
      return folder;
    },
    start: async (dataFolder, onNotice) => {
      const database = await startEmbeddedPostgres({
        dataFolder,
        memory: testDatabaseMemory,
        ...(onNotice ? { onNotice } : {}),
      });
      stops.push(async () => {
        await database.stop();
        await rm(database.connection.host, { recursive: true, force: true });
      });
      return database;
    },
    own: (dataFolder, options) => {
      const owner = startOwner(dataFolder, options);
      stops.push(async () => {
        await owner.kill('SIGKILL');
        const [pid = '', , , , socketFolder = ''] = readPostmasterFile(dataFolder);
        if (!(await isServerOf(clusterOf(dataFolder), Number(pid)))) return;
        process.kill(Number(pid), 'SIGKILL');
        await rm(socketFolder, { recursive: true, force: true });
      });
      return owner;
    },
    afterwards: (stop) => stops.push(stop),
  };
}

export async function query(
  database: Pick<EmbeddedPostgres, 'connection'>,
  text: string,
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(database.connection);
  client.on('error', () => undefined); // servers are killed here
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => undefined); // it may be broken
  }
}

export function clusterOf(dataFolder: string): string {
  const pointer = join(dataFolder, 'postgres-location');
  return join(existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : dataFolder, 'postgres');
}

export function readPostmasterPid(dataFolder: string): number {
  return Number(readPostmasterFile(dataFolder)[0] ?? 0);
}

function readPostmasterFile(dataFolder: string): string[] {
  const path = join(clusterOf(dataFolder), 'postmaster.pid');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
}

/** Kills the server's first process, as the machine's memory killer does, and waits for its end. */
export async function killServer(dataFolder: string): Promise<number> {
  const pid = readPostmasterPid(dataFolder);
  process.kill(pid, 'SIGKILL');
  await waitForEnd(dataFolder, pid);
  return pid;
}

export async function waitForEnd(dataFolder: string, pid: number): Promise<void> {
  await expect.poll(() => isServerOf(clusterOf(dataFolder), pid), { timeout: 10_000 }).toBe(false);
}
