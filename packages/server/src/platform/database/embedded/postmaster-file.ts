import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from './error-code.ts';
import { isAlive } from './temporary-folder.ts';

export interface Endpoint {
  /** Folder of the Unix socket, or an address. */
  readonly host: string;
  readonly port: number;
}

export type ServerState =
  /** `stalePid` stands in the file of a server that was killed, and another program has that pid now. */
  | { readonly kind: 'absent'; readonly stalePid: number | undefined }
  /** Being written, or cut off by a crash in just that moment. */
  | { readonly kind: 'unreadable' }
  /** Starting, recovering or stopping. */
  | { readonly kind: 'busy'; readonly pid: number }
  | { readonly kind: 'ready'; readonly pid: number; readonly endpoint: Endpoint };

/**
 * What `postmaster.pid` and the machine's processes say about the server of a cluster. PostgreSQL keeps the file up
 * to date (`src/include/utils/pidfile.h`: pid, cluster, start time, port, socket folder, address, memory, status),
 * and reading it leaves no line in the log, as connecting too early would.
 */
export async function observeServer(clusterFolder: string): Promise<ServerState> {
  const text = await readPostmasterFile(clusterFolder);
  if (text === undefined) return { kind: 'absent', stalePid: undefined };
  const [pidLine = '', , , port = '', socketFolder = '', address = '', , status = ''] = text.split('\n');
  // Negative for a single-user server, which our flow never starts but an operator might.
  const pid = Math.abs(Number.parseInt(pidLine, 10));
  if (!(pid > 0)) return { kind: 'unreadable' };
  if (!(await isServerOf(clusterFolder, pid)))
    return { kind: 'absent', stalePid: isAlive(pid) ? pid : undefined };
  if (status.trim() !== 'ready') return { kind: 'busy', pid };
  return {
    kind: 'ready',
    pid,
    endpoint: { host: socketFolder || address || '127.0.0.1', port: Number(port) },
  };
}

export function postmasterFilePath(clusterFolder: string): string {
  return join(clusterFolder, 'postmaster.pid');
}

async function readPostmasterFile(clusterFolder: string): Promise<string | undefined> {
  try {
    return await readFile(postmasterFilePath(clusterFolder), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether `pid` is a living PostgreSQL of this cluster, not another program that got the pid of a former one. */
export async function isServerOf(clusterFolder: string, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'win32') return true; // untested; there is no cheap way to ask
  if (process.platform === 'linux') {
    // Everybody may read the command line, but not the working folder: a container's root lacks CAP_SYS_PTRACE.
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (basename(words[0] ?? '') === 'postgres' && words.includes(clusterFolder)) return true;
    // A server that somebody started by hand may have been told the folder by another name.
    return (await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) === clusterFolder;
  }
  const command = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(
    () => undefined,
  );
  return command?.stdout.includes(clusterFolder) === true && command.stdout.includes('postgres');
}
