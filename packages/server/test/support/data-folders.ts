import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type SpawnedServer, type SpawnOptions, spawnServer, stop } from './spawned-server.ts';

export interface DataFolders {
  readonly workspace: () => string;
  /** A path where nothing is yet. */
  emptyFolder(): string;
  /** A data folder whose first start is behind it; it is a copy, which is quicker than initdb. */
  preparedFolder(): Promise<string>;
  /** Starts a server; one that still runs after the last test is stopped. */
  start(environment: Record<string, string>, options?: SpawnOptions): SpawnedServer;
}

/** Data folders and servers for the tests of one file, cleaned up behind them. */
export function useDataFolders(): DataFolders {
  let workspace = '';
  let count = 0;
  const running = new Set<SpawnedServer>();
  const prepared = () => join(workspace, 'prepared');
  const emptyFolder = () => {
    count += 1;
    return join(workspace, `data-${count}`);
  };

  beforeAll(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'muster-lifecycle-'));
    await chmod(workspace, 0o755);
    const server = spawnServer({ MUSTER_DATA_DIR: prepared() });
    await server.ready;
    await stop(server);
  }, 120_000);
  afterAll(async () => {
    for (const server of running) {
      server.process.kill('SIGTERM');
      await server.exited;
    }
    await rm(workspace, { recursive: true, force: true });
  });

  return {
    workspace: () => workspace,
    emptyFolder,
    preparedFolder: async () => {
      const folder = emptyFolder();
      await cp(prepared(), folder, { recursive: true, preserveTimestamps: true });
      if (process.getuid?.() === 0) copyOwners(prepared(), folder);
      return folder;
    },
    start: (environment, options) => {
      const server = spawnServer(environment, options);
      running.add(server);
      void server.exited.then(() => running.delete(server));
      return server;
    },
  };
}

/** Copies made by root belong to root; the database's user must own its cluster. */
function copyOwners(from: string, to: string): void {
  execFileSync('chown', ['-R', `--reference=${join(from, 'postgres')}`, join(to, 'postgres')]);
  execFileSync('chmod', ['700', join(to, 'postgres')]);
}
