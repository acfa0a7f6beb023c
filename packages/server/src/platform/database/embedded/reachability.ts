import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { OperatingSystemUser } from './operating-system-user.ts';

const search = 0o1;
const readAndSearch = 0o5;
const read = 0o4;

/** Whether `user` may pass through `folder` and every folder above it, by their owners and modes. */
export async function canEnter(folder: string, user: OperatingSystemUser): Promise<boolean> {
  let current = await realpath(folder);
  while (await grants(current, user, search)) {
    const parent = dirname(current);
    if (parent === current) return true;
    current = parent;
  }
  return false;
}

/** Whether `user` may list a folder or run a program, given that the folders above can be entered. */
export function canReadAndSearch(path: string, user: OperatingSystemUser): Promise<boolean> {
  return grants(path, user, readAndSearch);
}

export function canRead(path: string, user: OperatingSystemUser): Promise<boolean> {
  return grants(path, user, read);
}

async function grants(path: string, user: OperatingSystemUser, bits: number): Promise<boolean> {
  const { mode, uid, gid } = await stat(path);
  // The first class that matches decides alone: an owner without a bit does not get it from the others.
  const granted = uid === user.uid ? mode >> 6 : gid === user.gid ? mode >> 3 : mode;
  return (granted & bits) === bits;
}
