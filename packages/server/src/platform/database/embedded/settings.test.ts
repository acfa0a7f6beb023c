import { describe, expect, it } from 'vitest';
import { chooseSettings, chooseSharedMemory } from './settings.ts';

const listening = { socketFolder: '/tmp/a, b', port: 5432 };
const means = { libraries: new Set(['pg_trgm']), memory: undefined };

describe('the settings of the server', () => {
  it('give PostgreSQL a quarter of the memory, but at least 128 MB and at most 8 GB', async () => {
    const { shared_buffers } = await chooseSettings(listening, means);
    const megabytes = Number.parseInt(shared_buffers ?? '', 10);
    expect(megabytes).toBeGreaterThanOrEqual(128);
    expect(megabytes).toBeLessThanOrEqual(8192);
  });

  it('give it as much as is asked for', async () => {
    const settings = await chooseSettings(listening, { ...means, memory: 24 });
    expect(settings).toHaveProperty('shared_buffers', '24MB');
  });

  it('keep a socket folder with a comma in one piece', async () => {
    const settings = await chooseSettings(listening, means);
    expect(settings['unix_socket_directories']).toBe('"/tmp/a, b"');
  });

  it('name no library that this PostgreSQL lacks, as it would not start', async () => {
    expect(await chooseSettings(listening, means)).not.toHaveProperty('shared_preload_libraries');
    const libraries = new Set(['pg_trgm', 'pg_prewarm']);
    expect(await chooseSettings(listening, { ...means, libraries })).toHaveProperty(
      'shared_preload_libraries',
      'pg_prewarm',
    );
  });

  it('do not count on a /dev/shm that is small or missing', async () => {
    expect(await chooseSharedMemory('linux', '/dev/no-such-folder')).toBe('mmap');
    expect(await chooseSharedMemory('linux', '/proc')).toBe('mmap'); // a file system of size 0
    expect(await chooseSharedMemory('darwin')).toBe('posix');
  });
});
