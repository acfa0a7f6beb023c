import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { median } from './load.ts';
import { benchEnvironment, makeFolder, startServer } from './servers.ts';

const rounds = 5;
/** Seconds of idling before memory is read: the heap of the start is garbage by then. */
const idle = 10;

/** How long Muster takes to be ready on a new and on an existing data folder, and what it then holds in memory. */
export async function benchStart(say: (line: string) => void): Promise<void> {
  const cold: number[] = [];
  const warm: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const folder = await makeFolder('start');
    for (const times of [cold, warm]) {
      const startedAt = performance.now();
      const server = await startServer(
        'packages/server/src/main.ts',
        { ...benchEnvironment, PORT: '4803', MUSTER_DATA_DIR: join(folder, 'data') },
        /ready at/,
      );
      times.push((performance.now() - startedAt) / 1000);
      if (times === warm && round === 0 && server.pid) {
        await wait(idle * 1000);
        memory.push(readResidentMegabytes(server.pid));
      }
      server.kill('SIGTERM');
      await new Promise((settle) => server.on('exit', settle));
    }
    await rm(folder, { recursive: true, force: true });
  }
  const show = (times: number[]) =>
    `${median(times).toFixed(2)} s (${Math.min(...times).toFixed(2)}–${Math.max(...times).toFixed(2)})`;
  say(`ready on a new data folder       ${show(cold)}`);
  say(`ready on an existing data folder ${show(warm)}`);
  say(`idle Node process                ${memory.map(Math.round).join(', ')} MB resident`);
}

/** Linux alone keeps this file. */
function readResidentMegabytes(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
