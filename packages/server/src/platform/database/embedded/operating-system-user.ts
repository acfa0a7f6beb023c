import { readFileSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The user that PostgreSQL runs as; it refuses to run as root. */
export interface OperatingSystemUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** Tried in this order when Muster runs as root. */
const candidates = ['muster', 'postgres', 'nobody'];

/** Another user for PostgreSQL when this process is root; `undefined`: it can run as we are. */
export function choosePostgresUser(): OperatingSystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  for (const candidate of candidates) {
    const found = users.find((user) => user.name === candidate && user.uid > 0);
    if (found) return found;
  }
  return { name: 'uid 65534', uid: 65_534, gid: 65_534 };
}

/** Whether the user may enter every folder on the way to `path`, and read and enter the folder itself. */
export function canReach(path: string, user: OperatingSystemUser): boolean {
  if (!permits(statSync(path), user, 5)) return false;
  for (let parent = dirname(path); ; parent = dirname(parent)) {
    if (!permits(statSync(parent), user, 1)) return false;
    if (parent === dirname(parent)) return true;
  }
}

/** @param bits of one rwx triple: 4 read, 2 write, 1 enter */
function permits(stats: Stats, user: OperatingSystemUser, bits: number): boolean {
  const triple =
    stats.uid === user.uid ? stats.mode >> 6 : stats.gid === user.gid ? stats.mode >> 3 : stats.mode;
  return (triple & bits) === bits;
}
