import { readFileSync, statSync } from 'node:fs';

/** The user that PostgreSQL runs as when Muster runs as root, which PostgreSQL refuses. */
export interface OperatingSystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In order of preference; Muster creates no users. */
const preferredNames = ['muster', 'postgres', 'nobody'];

/**
 * Another user for PostgreSQL when this process is root; `undefined`: it can run as we are. It is the owner of the
 * cluster, as PostgreSQL runs on files of its own only, or where there is none yet a user of the machine.
 */
export function choosePostgresUser(clusterFolder?: string): OperatingSystemUser | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const users = readUsers();
  if (clusterFolder !== undefined) {
    const { uid, gid } = statSync(clusterFolder);
    if (uid !== 0) return users.find((user) => user.uid === uid) ?? { name: `with id ${uid}`, uid, gid };
  }
  for (const name of preferredNames) {
    const found = users.find((user) => user.name === name && user.uid !== 0);
    if (found) return found;
  }
  return { name: 'nobody', uid: 65_534, gid: 65_534 };
}

function readUsers(): OperatingSystemUser[] {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}
