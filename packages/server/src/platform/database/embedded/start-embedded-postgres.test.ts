import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  kept,
  query,
  readPostmasterPid,
  useEmbeddedFolders,
  waitForEnd,
} from '../../../../test/support/embedded-postgres-folders.ts';
import { findRunningPostgres } from './index.ts';

const { emptyFolder, preparedFolder, start, own } = useEmbeddedFolders();

describe('a start', () => {
  it('keeps what was written before the last stop', async () => {
    const database = await start(preparedFolder());
    expect(database.howStarted).toBe('started');
    expect(await query(database, 'SELECT word FROM kept')).toEqual(kept);
  });

  it('has the pages in memory again that were there before the last stop', async () => {
    const folder = preparedFolder();
    const first = await start(folder);
    await query(first, 'CREATE EXTENSION pg_buffercache');
    await query(first, 'SELECT word FROM kept');
    await first.stop();
    const database = await start(folder);
    await vi.waitFor(async () => {
      const held = await query(
        database,
        "SELECT count(*)::integer AS pages FROM pg_buffercache WHERE relfilenode = pg_relation_filenode('kept')",
      );
      expect(held).toEqual([{ pages: 1 }]);
    }, 20_000);
  });

  it('makes a durable UTF-8 cluster that is independent of the locales of the machine', async () => {
    const database = await start(preparedFolder());
    const [row] = await query(
      database,
      `SELECT datlocprovider::text, datlocale, pg_encoding_to_char(encoding) AS encoding,
         current_setting('data_checksums') AS checksums, current_setting('fsync') AS fsync,
         current_setting('synchronous_commit') AS synchronous_commit, current_setting('TimeZone') AS zone
       FROM pg_database WHERE datname = 'muster'`,
    );
    expect(row).toEqual({
      datlocprovider: 'b',
      datlocale: 'C.UTF-8',
      encoding: 'UTF8',
      checksums: 'on',
      fsync: 'on',
      synchronous_commit: 'on',
      zone: 'UTC',
    });
  });

  it('listens on a private Unix socket alone and asks for the password', async () => {
    const folder = preparedFolder();
    const database = await start(folder);
    const [row] = await query(database, "SELECT current_setting('listen_addresses') AS addresses");
    expect(row).toEqual({ addresses: '' });
    expect((await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8')).split('\n')[5]).toBe('');
    expect((await stat(database.connection.host)).mode & 0o777).toBe(0o700);
    await expect(
      query({ connection: { ...database.connection, password: 'guess' } }, 'SELECT 1'),
    ).rejects.toThrow(/password/);
    await expect(
      query({ connection: { ...database.connection, host: '127.0.0.1' } }, 'SELECT 1'),
    ).rejects.toThrow();
    expect((await stat(join(folder, 'postgres/muster-password'))).mode & 0o777).toBe(0o600);
  });

  it('can be found by a command that runs beside it', async () => {
    const folder = preparedFolder();
    expect(await findRunningPostgres(folder)).toBeUndefined();
    const database = await start(folder);
    expect(await findRunningPostgres(folder)).toEqual(database.connection);
    await database.stop();
    expect(await findRunningPostgres(folder)).toBeUndefined();
  });

  it('leaves no process and no socket folder behind after a stop, and may be stopped twice', async () => {
    const folder = preparedFolder();
    const database = await start(folder);
    const pid = readPostmasterPid(folder);
    await Promise.all([database.stop(), database.stop()]);
    await waitForEnd(folder, pid);
    expect(existsSync(database.connection.host)).toBe(false);
  });

  it('does not keep Node from exiting', async () => {
    const owner = own(preparedFolder(), { task: 'leave' });
    expect(await owner.ended).toBe(0);
  });

  it('puts the server out of reach of the Ctrl-C of a terminal', async () => {
    const folder = preparedFolder();
    await start(folder);
    const groupOf = (pid: number) =>
      execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    expect(groupOf(readPostmasterPid(folder))).not.toBe(groupOf(process.pid));
  });

  it('refuses a cluster of another major version', async () => {
    const folder = preparedFolder();
    await writeFile(join(folder, 'postgres/PG_VERSION'), '17\n');
    await expect(start(folder)).rejects.toThrow(
      /belongs to PostgreSQL 17; this version of Muster brings PostgreSQL 18/,
    );
  });

  it('refuses a data folder that is a file', async () => {
    const folder = emptyFolder();
    await writeFile(folder, '');
    await expect(start(folder)).rejects.toMatchObject({ name: 'DataFolderNotWritableError' });
  });

  it('says what PostgreSQL said when it cannot start, and leaves no process', async () => {
    const folder = preparedFolder();
    await rm(join(folder, 'postgres/global/pg_control'));
    await expect(start(folder)).rejects.toThrow(
      /did not start\. Its last words:\n[\s\S]*could not find the database system/,
    );
    expect(readPostmasterPid(folder)).toBe(0);
  });
});
