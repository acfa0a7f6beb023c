import { chmod, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { prepareSocketFolder } from './socket-folder.ts';

let workspace: string;
const made: string[] = [];

beforeAll(async () => {
  workspace = await mkdtemp('/tmp/muster-sockets-');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

afterAll(() => rm(workspace, { recursive: true, force: true }));

async function prepare(cluster: string): Promise<string> {
  const folder = await prepareSocketFolder(cluster, undefined);
  made.push(folder);
  return folder;
}

describe('the folder of the socket', () => {
  it('is private, and the same for every start', async () => {
    vi.stubEnv('TMPDIR', workspace);
    const folder = await prepare('/data/postgres');
    expect(folder.startsWith(workspace)).toBe(true);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await prepare('/data/postgres')).toBe(folder);
    expect(await prepare('/other/postgres')).not.toBe(folder);
  });

  it('is under /tmp where TMPDIR is too long for a socket', async () => {
    vi.stubEnv('TMPDIR', join(workspace, 'x'.repeat(90)));
    expect(await prepare('/data/postgres')).toMatch(/^\/tmp\/muster-/);
  });

  it.each([
    ['open to others', (path: string) => mkdir(path, { mode: 0o700 }).then(() => chmod(path, 0o755))],
    ['a link', (path: string) => symlink('/tmp', path)],
  ])('is not one that is %s', async (_, occupy) => {
    vi.stubEnv('TMPDIR', workspace);
    const wanted = join(workspace, basename(await prepare('/data/postgres')));
    await rm(wanted, { recursive: true });
    await occupy(wanted);
    expect(await prepare('/data/postgres')).not.toBe(wanted);
    await rm(wanted, { recursive: true });
  });
});
