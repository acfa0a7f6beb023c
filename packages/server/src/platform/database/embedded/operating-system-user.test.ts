import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  kept,
  query,
  readPostmasterPid,
  useEmbeddedFolders,
} from '../../../../test/support/embedded-postgres-folders.ts';
import { canEnter } from './reachability.ts';

const isRoot = process.geteuid?.() === 0;
const nobody = { name: 'nobody', uid: 65_534, gid: 65_534 };
const canBecomeNobody = isRoot && (await canEnter(import.meta.dirname, nobody));

const { workspace, emptyFolder, preparedFolder, start, own, afterwards } = useEmbeddedFolders();

describe.runIf(canBecomeNobody)('for an ordinary user', () => {
  it('works in a folder of this user', async () => {
    const folder = emptyFolder();
    await mkdir(folder);
    await chown(folder, nobody.uid, nobody.gid);
    for (const _ of ['first', 'second']) {
      const owner = own(folder, { uid: nobody.uid });
      expect(await owner.until('connection')).toMatchObject({ howStarted: 'started' });
      expect(await owner.kill('SIGTERM')).toBe(0);
    }
    expect((await stat(join(folder, 'postgres'))).uid).toBe(nobody.uid);
    // Root keeps the owner that the cluster has.
    expect(await query(await start(folder), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses folders that only others may write', async () => {
    const owner = own(join(workspace(), 'new'), { uid: nobody.uid });
    expect(await owner.until('failure')).toMatchObject({ failure: 'DataFolderNotWritableError' });
    const folder = preparedFolder();
    await chmod(folder, 0o777);
    const other = own(folder, { uid: nobody.uid });
    expect(await other.until('failure')).toMatchObject({
      message: expect.stringMatching(/belongs to another user/),
    });
  });
});

describe.runIf(isRoot)('for root', () => {
  const hasSetpriv = existsSync('/usr/bin/setpriv');

  it('runs PostgreSQL as another user', async () => {
    const folder = preparedFolder();
    await start(folder);
    expect((await stat(`/proc/${readPostmasterPid(folder)}`)).uid).not.toBe(0);
  });

  it('keeps the cluster elsewhere where that user cannot enter the data folder, and says so', async () => {
    const closed = emptyFolder();
    await mkdir(closed, { mode: 0o700 });
    const folder = join(closed, 'data');
    const notices: string[] = [];
    const database = await start(folder, (line) => notices.push(line));
    const home = (await readFile(join(folder, 'postgres-location'), 'utf8')).trim();
    afterwards(() => rm(home, { recursive: true }));
    expect(home).toMatch(/^\/var\/lib\/muster\/[0-9a-f]{16}$/);
    expect(notices).toEqual([expect.stringContaining(home)]);
    await query(database, 'CREATE TABLE elsewhere ()');
    await database.stop();
    const again = await start(folder, (line) => notices.push(line));
    expect(await query(again, 'SELECT * FROM elsewhere')).toEqual([]);
    expect(notices).toHaveLength(1);
  });

  it('does not begin anew where the cluster that was kept elsewhere is lost', async () => {
    const folder = emptyFolder();
    await mkdir(folder);
    await writeFile(join(folder, 'postgres-location'), '/var/lib/muster/lost\n');
    await expect(start(folder)).rejects.toThrow(
      /postgres-location names \/var\/lib\/muster\/lost, which cannot be opened/,
    );
  });

  it('takes over a copy that belongs to root, as a backup that root brought back', async () => {
    const folder = preparedFolder();
    execFileSync('chown', ['-R', '0:0', folder]);
    expect(await query(await start(folder), 'SELECT word FROM kept')).toEqual(kept);
  });

  // Docker's default for root: such a process may not look into processes of other users.
  it.runIf(hasSetpriv)('recognizes a running server without the right to trace processes', async () => {
    const folder = preparedFolder();
    const prefix = ['setpriv', '--bounding-set', '-sys_ptrace', '--inh-caps', '-sys_ptrace'];
    const owner = own(folder, { prefix });
    await owner.until('connection');
    const pid = readPostmasterPid(folder);
    expect(await own(folder, { prefix }).until('failure')).toMatchObject({ failure: 'DataFolderInUseError' });
    await owner.kill('SIGKILL');
    const next = own(folder, { prefix });
    expect(await next.until('connection')).toMatchObject({ howStarted: 'adopted' });
    expect(readPostmasterPid(folder)).toBe(pid);
    expect(await next.kill('SIGTERM')).toBe(0);
  });
});
