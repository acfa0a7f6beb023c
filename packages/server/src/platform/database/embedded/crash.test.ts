import { spawn } from 'node:child_process';
import { chown, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  kept,
  killServer,
  query,
  readPostmasterPid,
  useEmbeddedFolders,
  waitForEnd,
} from '../../../../test/support/embedded-postgres-folders.ts';

const { preparedFolder, start, own, afterwards } = useEmbeddedFolders();

describe('a crash', () => {
  it('of Node leaves a server that the next start adopts, with everything that was acknowledged', async () => {
    const folder = preparedFolder();
    const owner = own(folder, { task: 'write' });
    await owner.until('written');
    const pid = readPostmasterPid(folder);
    await owner.kill('SIGKILL');
    const database = await start(folder);
    expect(database.howStarted).toBe('adopted');
    expect(readPostmasterPid(folder)).toBe(pid);
    const written = owner.events.filter((event) => event.written !== undefined).length;
    const [row] = await query(database, 'SELECT count(*)::integer FROM entry');
    expect(row?.['count']).toBeGreaterThanOrEqual(written);
    await database.stop();
    await waitForEnd(folder, pid);
  });

  it('of Node and PostgreSQL together loses nothing that was acknowledged', async () => {
    const folder = preparedFolder();
    const owner = own(folder, { task: 'write' });
    await expect.poll(() => owner.events.length, { timeout: 10_000 }).toBeGreaterThan(50);
    await Promise.all([owner.kill('SIGKILL'), killServer(folder)]);
    const database = await start(folder);
    expect(database.howStarted).toBe('started');
    const written = owner.events.filter((event) => event.written !== undefined).length;
    const [row] = await query(database, 'SELECT count(*)::integer FROM entry');
    expect(row?.['count']).toBeGreaterThanOrEqual(written);
  });

  it.each([
    'started',
    'adopted',
  ] as const)('of a server that was %s is told to its owner', async (howStarted) => {
    const folder = preparedFolder();
    if (howStarted === 'adopted') await own(folder, { task: 'leave' }).ended;
    const database = await start(folder);
    expect(database.howStarted).toBe(howStarted);
    const pid = await killServer(folder);
    expect(await database.unexpectedExit).toMatch(new RegExp(`process ${pid} has ended`));
  });

  it('may leave its pid to another program of the same user', async () => {
    const folder = preparedFolder();
    await own(folder, { task: 'leave' }).ended;
    await killServer(folder);
    const path = join(folder, 'postgres/postmaster.pid');
    const { uid, gid } = await stat(path);
    const stranger = spawn('sleep', ['60'], { uid, gid });
    afterwards(async () => stranger.kill());
    await writeFile(path, (await readFile(path, 'utf8')).replace(/^\d+/, String(stranger.pid)));
    const socketLock = join((await readFile(path, 'utf8')).split('\n')[4] ?? '', '.s.PGSQL.5432.lock');
    await writeFile(socketLock, (await readFile(socketLock, 'utf8')).replace(/^\d+/, String(stranger.pid)));
    const database = await start(folder);
    expect(await query(database, 'SELECT word FROM kept')).toEqual(kept);
    expect(stranger.exitCode).toBeNull();
  });

  it('may leave an empty lock file, which PostgreSQL itself would not start on', async () => {
    const folder = preparedFolder();
    const { uid, gid } = await stat(join(folder, 'postgres'));
    const path = join(folder, 'postgres/postmaster.pid');
    await writeFile(path, '');
    await chown(path, uid, gid);
    expect(await query(await start(folder), 'SELECT word FROM kept')).toEqual(kept);
  });
});
