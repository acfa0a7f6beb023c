import { randomBytes } from 'node:crypto';
import { access, constants, lchown, link, mkdir, readdir, realpath, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemFolder } from './binaries.ts';
import { readIfPresent, syncToDisk, writeDurably } from './durable-files.ts';
import { errorCode } from './error-code.ts';
import { DataFolderNotWritableError, EmbeddedPostgresStartError } from './errors.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import { canEnter } from './reachability.ts';
import { makeTemporaryFolder, removeFolder } from './temporary-folder.ts';

/** In the data folder, names the cluster's home where PostgreSQL's user cannot reach the data folder. */
const pointerName = 'postgres-location';

/**
 * Makes the data folder if need be, and gives its real path.
 * @throws DataFolderNotWritableError
 */
export async function openDataFolder(path: string): Promise<string> {
  try {
    await makeFolder(path);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(path);
  } catch (cause) {
    throw new DataFolderNotWritableError(path, explain(cause), { cause });
  }
}

/** With the folders above it. What Node does of itself tries for ever where no folder can be made, as below /proc. */
async function makeFolder(path: string, isParentThere = false): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const parent = dirname(path);
    if (errorCode(error) === 'ENOENT' && !isParentThere && parent !== path) {
      await makeFolder(parent);
      await makeFolder(path, true);
    } else if (!(await isFolder(path))) throw error;
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

function explain(error: unknown): string {
  const code = errorCode(error);
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'it, or a part of its path, is not a folder';
  if (code === 'ENOENT') return 'no folder can be made there';
  if (code === 'EROFS') return 'its file system is read-only';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not write there';
  return error instanceof Error ? error.message : String(error);
}

/**
 * The folder that holds the data folder's cluster, or is to hold it: the data folder itself, or the one it points to.
 * @throws EmbeddedPostgresStartError when that one is lost, rather than beginning with an empty directory
 */
export async function findHome(dataFolder: string): Promise<string> {
  const pointer = join(dataFolder, pointerName);
  const home = (await readIfPresent(pointer))?.trim();
  if (!home) return dataFolder;
  try {
    return await realpath(home);
  } catch (cause) {
    throw new EmbeddedPostgresStartError(
      `${pointer} names ${home}, which cannot be opened. Bring it back, or delete ${pointer} to begin with an empty directory.`,
      '',
      { cause },
    );
  }
}

/**
 * The home for a new cluster: `home`, or where `user` cannot reach that, a new one under /var/lib/muster, which the
 * data folder points to from then on. Of several processes that try, the first to link its pointer decides.
 */
export async function chooseHome(
  home: string,
  user: OperatingSystemUser | undefined,
  onNotice: (line: string) => void,
): Promise<string> {
  if (!user || (await canEnter(home, user))) return home;
  const elsewhere = join(systemFolder, randomBytes(8).toString('hex'));
  await mkdir(elsewhere, { recursive: true, mode: 0o755 });
  await syncToDisk(systemFolder);
  const draft = await makeTemporaryFolder(home, undefined);
  try {
    await writeDurably(join(draft, pointerName), `${elsewhere}\n`, 0o644);
    await link(join(draft, pointerName), join(home, pointerName));
    await syncToDisk(home);
    onNotice(
      `The database runs as the user ${user.name}, who cannot enter ${home}; its files are in ${elsewhere}.`,
    );
    return elsewhere;
  } catch (error) {
    await rmdir(elsewhere);
    if (errorCode(error) !== 'EEXIST') throw error;
    return findHome(home);
  } finally {
    await removeFolder(draft);
  }
}

/**
 * Checks that the user that runs PostgreSQL (`undefined`: this process's own) can use an existing cluster. One that
 * belongs to root, as a copy or a backup that root brought back does, is given to that user.
 * @throws DataFolderNotWritableError
 */
export async function ensureAccess(
  clusterFolder: string,
  user: OperatingSystemUser | undefined,
): Promise<void> {
  const { uid } = await stat(clusterFolder);
  if (!user && process.geteuid && uid !== process.geteuid()) {
    throw new DataFolderNotWritableError(
      clusterFolder,
      'it belongs to another user, as after a start as root',
    );
  }
  if (user && uid === 0) await giveTo(clusterFolder, user);
  if (user && !(await canEnter(clusterFolder, user))) {
    throw new DataFolderNotWritableError(
      clusterFolder,
      `the user ${user.name}, who runs PostgreSQL, cannot enter it`,
    );
  }
}

/** The folder itself comes last, so that the next start begins again where this one is interrupted. */
async function giveTo(folder: string, user: OperatingSystemUser): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await giveTo(path, user);
    else await lchown(path, user.uid, user.gid);
  }
  await lchown(folder, user.uid, user.gid);
}
