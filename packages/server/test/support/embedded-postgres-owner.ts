import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const script = resolve(import.meta.dirname, '../fixtures/own-embedded-postgres.ts');

export interface OwnerEvent {
  readonly notice?: string;
  readonly howStarted?: 'started' | 'adopted';
  readonly connection?: { host: string; port: number; user: string; password: string; database: string };
  readonly written?: number;
  readonly lost?: string;
  readonly failure?: string;
  readonly message?: string;
}

export interface DatabaseOwner {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly events: OwnerEvent[];
  /** Resolves with the first event that has this property; rejects when the process ends without one. */
  until<Name extends keyof OwnerEvent>(name: Name): Promise<OwnerEvent>;
  /** Waits for the end of the process; gives its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

/** Starts a process of its own that owns the embedded PostgreSQL of a data folder. */
export function startOwner(
  dataFolder: string,
  options: {
    task?: 'write' | 'leave';
    uid?: number;
    prefix?: readonly string[];
    environment?: Record<string, string>;
  } = {},
): DatabaseOwner {
  const words = [
    ...(options.prefix ?? []),
    process.execPath,
    script,
    dataFolder,
    ...(options.task ? [options.task] : []),
  ];
  const [command = process.execPath, ...rest] = words;
  const child = spawn(command, rest, {
    cwd: '/',
    env: { PATH: process.env['PATH'], ...options.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  const events: OwnerEvent[] = [];
  const waiting = new Set<() => void>();
  let isEnded = false;
  const notify = () => {
    for (const look of waiting) look();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line));
    notify();
  });
  const ended = new Promise<number | NodeJS.Signals | null>((settle) => {
    child.on('close', (code, signal) => {
      isEnded = true;
      notify();
      settle(code ?? signal);
    });
  });
  const until = (name: keyof OwnerEvent) =>
    new Promise<OwnerEvent>((settle, reject) => {
      const look = () => {
        const found = events.find((event) => event[name] !== undefined);
        if (!found && !isEnded) return;
        waiting.delete(look);
        if (found) settle(found);
        else reject(new Error(`the owner ended before it printed ${name}: ${JSON.stringify(events)}`));
      };
      waiting.add(look);
      look();
    });
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return { process: child, pid: child.pid ?? 0, events, until, ended, kill };
}
