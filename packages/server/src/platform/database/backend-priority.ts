import { readFile, writeFile } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';

/**
 * Steps down, which is a quarter of the weight of other processes. Measured: more steps take nothing more from such work, which
 * then lives of what the others leave; with three, searches for one user beside totals took a tenth longer.
 */
export const patience = 6;
const lowest = 19;

/** Lets others go first before what a connection asks for. */
export async function giveWay(client: object): Promise<void> {
  if (hasProcessId(client)) await lowerBackendPriority(client.processID);
}

/** What PostgreSQL said at the start of the connection; the driver's types leave it out. */
function hasProcessId(client: object): client is { readonly processID: number } {
  return 'processID' in client && typeof client.processID === 'number' && client.processID > 0;
}

/**
 * Lets others go first before a process of a PostgreSQL on this machine when the cores are busy. Does nothing where the process cannot be told
 * to be one of PostgreSQL's, nor where the operating system refuses.
 * @param backend its `pg_backend_pid()`
 */
export async function lowerBackendPriority(backend: number): Promise<void> {
  const command = await readFile(`/proc/${backend}/cmdline`, 'utf8').catch(() => '');
  if (!command.includes('postgres')) return;
  try {
    setPriority(backend, Math.min(getPriority(backend) + patience, lowest));
  } catch {
    return;
  }
  // Linux may share the cores out between sessions first, and each of PostgreSQL's processes is a session of its own.
  await writeFile(`/proc/${backend}/autogroup`, String(patience)).catch(() => undefined);
}
