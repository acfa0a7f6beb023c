import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './error-code.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';

/** Tells this process from an earlier one that had the same pid, as the first processes of containers do. */
const processToken = randomBytes(4).toString('hex');
const namePattern = /^\.postgres-(\d+)-([0-9a-f]{8})-[0-9a-f]{8}$/;

/** A private folder for work in progress, on the same file system as the place its result is renamed to. */
export async function makeTemporaryFolder(
  parent: string,
  owner: OperatingSystemUser | undefined,
): Promise<string> {
  const path = join(parent, `.postgres-${process.pid}-${processToken}-${randomBytes(4).toString('hex')}`);
  await mkdir(path, { mode: 0o700 });
  if (owner) await chown(path, owner.uid, owner.gid);
  return path;
}

/** Removes what processes that were killed left in `parent`. */
export async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, pid, token] = namePattern.exec(name) ?? [];
    if (pid === undefined || token === processToken) continue;
    if (Number(pid) !== process.pid && isAlive(Number(pid))) continue;
    await removeFolder(join(parent, name));
  }
}

/** Removes a folder as far as possible: the initdb of a killed process may still write to it for a moment. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }).catch(() => undefined); // the next start tries again
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
