import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { query, useEmbeddedFolders } from '../../../../test/support/embedded-postgres-folders.ts';

const { emptyFolder, start, own } = useEmbeddedFolders();

describe('a first start that is killed', () => {
  const inTemporary = (name: string) => async (folder: string) => {
    const names = await readdir(folder).catch(() => []);
    return names.some((found) => found.startsWith('.postgres-') && existsSync(join(folder, found, name)));
  };
  const moments: [string, (folder: string) => Promise<boolean>][] = [
    ['before the password is written', inTemporary('')],
    ['in the middle of initdb', inTemporary('cluster/base/1')],
    ['at the end of initdb', inTemporary('cluster/base/5')],
    ['when the cluster is complete', async (folder) => existsSync(join(folder, 'postgres'))],
    ['when PostgreSQL starts', async (folder) => existsSync(join(folder, 'postgres/postmaster.pid'))],
  ];
  it.each(moments)('%s is made good by the next', async (_, isReached) => {
    const folder = emptyFolder();
    const killed = own(folder);
    while (!(await isReached(folder))) await new Promise(setImmediate);
    await killed.kill('SIGKILL');
    const database = await start(folder);
    expect(await query(database, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await readdir(folder)).toSorted()).toEqual(['postgres', 'postgres.log']);
  });

  it('time and again is made good in the end', async () => {
    const folder = emptyFolder();
    for (let milliseconds = 60; milliseconds < 1_500; milliseconds += 280) {
      const killed = own(folder);
      await Promise.race([new Promise((settle) => setTimeout(settle, milliseconds)), killed.ended]);
      await killed.kill('SIGKILL');
    }
    const database = await start(folder);
    expect(await query(database, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await readdir(folder)).toSorted()).toEqual(['postgres', 'postgres.log']);
  });
});
