import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  kept,
  killServer,
  query,
  useEmbeddedFolders,
} from '../../../../test/support/embedded-postgres-folders.ts';

const { emptyFolder, preparedFolder, start, own } = useEmbeddedFolders();

describe('ownership', () => {
  it('refuses a second start with the pid of the first, which goes on undisturbed', async () => {
    const folder = preparedFolder();
    const owner = own(folder);
    const { connection } = await owner.until('connection');
    await expect(start(folder)).rejects.toThrow(`in use by another Muster process (pid ${owner.pid})`);
    expect(owner.events.at(-1)).not.toHaveProperty('lost');
    if (connection) expect(await query({ connection }, 'SELECT word FROM kept')).toEqual(kept);
    expect(await owner.kill('SIGTERM')).toBe(0);
  });

  it('goes to exactly one of two simultaneous first starts', async () => {
    const folder = emptyFolder();
    const owners = [own(folder), own(folder)];
    const outcomes = await Promise.allSettled(owners.map((owner) => owner.until('connection')));
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [winner, loser] = outcomes[0]?.status === 'fulfilled' ? owners : owners.toReversed();
    expect(loser?.events.at(-1)).toMatchObject({
      failure: 'DataFolderInUseError',
      message: expect.stringContaining(`pid ${winner?.pid}`),
    });
    expect((await readdir(folder)).toSorted()).toEqual(['postgres', 'postgres.log']);
    expect(await winner?.kill('SIGTERM')).toBe(0);
  });

  it('goes to exactly one of three simultaneous starts after a crash, and the database stays up', async () => {
    const folder = preparedFolder();
    const before = own(folder);
    await before.until('connection');
    await before.kill('SIGKILL');
    await killServer(folder);
    const owners = [own(folder), own(folder), own(folder)];
    const outcomes = await Promise.allSettled(owners.map((owner) => owner.until('connection')));
    const winners = owners.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await winners[0]?.kill('SIGTERM')).toBe(0);
    expect(winners[0]?.events.filter((event) => event.lost)).toEqual([]);
  });

  it('passes on when a start meets a stop', async () => {
    const folder = preparedFolder();
    let database = await start(folder);
    for (let round = 0; round < 6; round++) {
      const stopping = database.stop();
      const [next] = await Promise.all([start(folder), stopping]);
      expect(await query(next, 'SELECT word FROM kept')).toEqual(kept);
      database = next;
    }
  });

  it('is taken again when its connection is terminated or PostgreSQL restarts its processes', async () => {
    const folder = preparedFolder();
    const database = await start(folder);
    let lost: string | undefined;
    void database.unexpectedExit.then((reason) => {
      lost = reason;
    });
    const holder = async () => {
      const rows = await query(
        database,
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted",
      ).catch(() => []);
      return Number(rows[0]?.['pid'] ?? 0);
    };
    const first = await holder();
    await query(database, `SELECT pg_terminate_backend(${first})`);
    await expect.poll(async () => ![0, first].includes(await holder()), { timeout: 10_000 }).toBe(true);
    const second = await holder();
    process.kill(second, 'SIGKILL'); // PostgreSQL ends all sessions and recovers
    await expect.poll(async () => ![0, second].includes(await holder()), { timeout: 20_000 }).toBe(true);
    expect(lost).toBeUndefined();
  });
});
