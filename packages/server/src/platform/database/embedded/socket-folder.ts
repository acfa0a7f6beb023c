import { createHash } from 'node:crypto';
import { chown, lstat, mkdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from './error-code.ts';
import { EmbeddedPostgresStartError } from './errors.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import { canEnter } from './reachability.ts';

/** Of `sockaddr_un.sun_path`, without its terminating zero: Linux 108, others 104. */
const longestPath = process.platform === 'linux' ? 107 : 103;

/**
 * The folder of a cluster's Unix socket, made if need be: private, owned by the user that runs PostgreSQL, short,
 * and the same for every start, so that PostgreSQL's own lock on the socket backs the one on the cluster.
 * @throws EmbeddedPostgresStartError
 */
export async function prepareSocketFolder(
  clusterFolder: string,
  user: OperatingSystemUser | undefined,
): Promise<string> {
  const uid = user?.uid ?? process.geteuid?.() ?? 0;
  const name = `muster-${uid}-${createHash('sha256').update(clusterFolder).digest('hex').slice(0, 10)}`;
  for (const parent of new Set([tmpdir(), '/tmp'])) {
    const folder = join(parent, name);
    if (fits(folder) && (await makePrivateFolder(parent, folder, uid, user))) return folder;
  }
  // The cluster's own folder is private too, only mostly too long.
  if (fits(clusterFolder)) return clusterFolder;
  throw new EmbeddedPostgresStartError(
    `The folder ${join(tmpdir(), name)} for the database's socket cannot be made, or somebody else has made it. Remove it, or set TMPDIR to a short path.`,
  );
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, '.s.PGSQL.65535')) <= longestPath;
}

/** False where the folder cannot be made, cannot be reached, or belongs to, or is open to, somebody else. */
async function makePrivateFolder(
  parent: string,
  folder: string,
  uid: number,
  user: OperatingSystemUser | undefined,
): Promise<boolean> {
  try {
    if (user && !(await canEnter(parent, user))) return false;
    const isMade = await mkdir(folder, { mode: 0o700 }).then(
      () => true,
      (error: unknown) => {
        if (errorCode(error) === 'EEXIST') return false;
        throw error;
      },
    );
    if (isMade && user) await chown(folder, user.uid, user.gid);
    const found = await lstat(folder);
    return found.isDirectory() && found.uid === uid && (found.mode & 0o777) === 0o700;
  } catch {
    return false; // whatever the reason: the next place is tried
  }
}

/** Removes the socket's folder after an orderly stop; one that is not empty is in use again. */
export async function removeSocketFolder(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined);
}
