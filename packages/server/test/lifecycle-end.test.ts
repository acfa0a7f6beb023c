import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { useDataFolders } from './support/data-folders.ts';
import { createUser, fetchToken, hasUser, type SpawnedServer, stop } from './support/spawned-server.ts';

const { preparedFolder, start } = useDataFolders();

const postmasterPid = async (folder: string) =>
  Number((await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('stopping', () => {
  it('ends cleanly at SIGTERM, database included, and starts again with everything there', async () => {
    const folder = await preparedFolder();
    const first = start({ MUSTER_DATA_DIR: folder });
    const url = await first.ready;
    expect(await createUser(url, await fetchToken(url), 'kept')).toBe(201);
    await stop(first);
    await expect(access(join(folder, 'postgres/postmaster.pid'))).rejects.toThrow();
    expect(first.output()).toMatch(/Muster has stopped\.\s*$/);
    const second = start({ MUSTER_DATA_DIR: folder });
    const again = await second.ready;
    expect(await hasUser(again, await fetchToken(again), 'kept')).toBe(true);
    await stop(second);
  });
});

describe('a crash', () => {
  it('loses no write that was answered, however often the process is killed in the middle of them', async () => {
    const folder = await preparedFolder();
    const acknowledged: string[] = [];
    let counter = 0;
    for (let round = 0; round < 20; round++) {
      const server = start({ MUSTER_DATA_DIR: folder });
      const url = await server.ready;
      const token = await fetchToken(url);
      const before = acknowledged.length;
      const write = async () => {
        for (;;) {
          const id = `crash${counter++}`;
          if ((await createUser(url, token, id).catch(() => 0)) !== 201) return;
          acknowledged.push(id);
        }
      };
      const writers = Promise.all(Array.from({ length: 4 }, write));
      await expect
        .poll(() => acknowledged.length - before, { timeout: 20_000, interval: 5 })
        .toBeGreaterThan(round % 10);
      server.process.kill('SIGKILL');
      await server.exited;
      await writers;
    }
    const server = start({ MUSTER_DATA_DIR: folder });
    const url = await server.ready;
    const token = await fetchToken(url);
    const lost: string[] = [];
    for (const id of acknowledged) if (!(await hasUser(url, token, id))) lost.push(id);
    expect(lost).toEqual([]);
    await stop(server);
  }, 240_000);

  it('takes over the database that a killed process left running', async () => {
    const folder = await preparedFolder();
    const first = start({ MUSTER_DATA_DIR: folder });
    await first.ready;
    const pid = await postmasterPid(folder);
    first.process.kill('SIGKILL');
    await first.exited;
    expect(isAlive(pid)).toBe(true);
    const second = start({ MUSTER_DATA_DIR: folder });
    await second.ready;
    expect(await postmasterPid(folder)).toBe(pid);
    await stop(second);
    await expect(access(join(folder, 'postgres/postmaster.pid'))).rejects.toThrow();
  });

  it('ends Muster with a reason when the database dies', async () => {
    const folder = await preparedFolder();
    const server = start({ MUSTER_DATA_DIR: folder });
    await server.ready;
    process.kill(await postmasterPid(folder), 'SIGKILL');
    expect(await server.exited).toBe(1);
    expect(server.output()).toMatch(/the database stopped by itself/);
  });
});

/** Children of the server that run its own program; those of jobs and the database run others. */
async function listHttpProcesses({ process: { pid } }: SpawnedServer): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').map(Number);
  const programs = await Promise.all(
    children.map((child) => readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')),
  );
  return children.filter((_child, index) => /\/dist\/main\.js/.test(programs[index] ?? ''));
}

describe('several HTTP processes', () => {
  // Which processes they are is read from /proc.
  it.runIf(process.platform === 'linux')(
    'share the port, replace one that dies, and stop together',
    async () => {
      const folder = await preparedFolder();
      const server = start({ MUSTER_DATA_DIR: folder, MUSTER_WORKERS: '2' });
      const url = await server.ready;
      const token = await fetchToken(url);
      expect(await createUser(url, token, 'by-a-worker')).toBe(201);
      const before = await listHttpProcesses(server);
      expect(before).toHaveLength(2);
      const [killed = 0, kept = 0] = before;
      process.kill(killed, 'SIGKILL');
      const after = await vi.waitFor(async () => {
        const now = await listHttpProcesses(server);
        expect(now).toHaveLength(2);
        expect(now).not.toContain(killed);
        return now;
      }, 20_000);
      expect(after).toContain(kept);
      // The line comes through a pipe and may come later than the process that it is about.
      await vi.waitFor(
        () => expect(server.output()).toContain('an HTTP process died and is replaced'),
        20_000,
      );
      expect(await hasUser(url, token, 'by-a-worker')).toBe(true);
      await stop(server);
    },
  );
});
