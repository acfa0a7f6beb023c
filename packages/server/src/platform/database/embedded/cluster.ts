import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, readdir, realpath, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PostgresBinaries } from './binaries.ts';
import { childProcessOptions, explainSpawnError } from './child-process.ts';
import { isOccupied, readIfPresent, syncToDisk, writeDurably } from './durable-files.ts';
import { DataFolderVersionError, EmbeddedPostgresStartError } from './errors.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import { superuser } from './ownership.ts';
import { makeTemporaryFolder, removeFolder, removeLeftovers } from './temporary-folder.ts';

const folderName = 'postgres';
/** In the cluster's folder, so that the cluster and the password of its role appear and move as one. */
const passwordName = 'muster-password';

/** The real path of the cluster in `home`; `undefined` before the first start. */
export async function findCluster(home: string): Promise<string | undefined> {
  const folder = join(home, folderName);
  return (await readIfPresent(join(folder, 'PG_VERSION'))) === undefined ? undefined : realpath(folder);
}

/**
 * Makes the cluster of `home`. It is made aside and appears whole by one rename, so that a start that was killed
 * leaves nothing that the next could mistake for a cluster; when another process was faster, its cluster is the result.
 * @throws EmbeddedPostgresStartError, EmbeddedPostgresUnavailableError
 */
export async function createCluster(
  home: string,
  binaries: PostgresBinaries,
  user: OperatingSystemUser | undefined,
): Promise<string> {
  const folder = join(home, folderName);
  await removeLeftovers(home);
  const temporary = await makeTemporaryFolder(home, user);
  try {
    const made = join(temporary, 'cluster');
    const password = join(temporary, 'password'); // initdb wants its own folder empty
    await writeDurably(password, `${randomBytes(32).toString('base64url')}\n`, 0o600);
    if (user) await chown(password, user.uid, user.gid);
    await runInitdb(made, password, binaries, user);
    await rename(password, join(made, passwordName));
    await syncToDisk(made);
    await rename(made, folder);
    await syncToDisk(home);
  } catch (error) {
    if (!isOccupied(error)) throw error;
  } finally {
    await removeFolder(temporary);
  }
  const cluster = await findCluster(home);
  if (cluster !== undefined) return cluster;
  const found = (await readdir(folder)).slice(0, 3).join(', ');
  throw new EmbeddedPostgresStartError(
    `${folder} holds something else than a database (${found}). Move it away, or set MUSTER_DATA_DIR.`,
  );
}

async function runInitdb(
  folder: string,
  password: string,
  binaries: PostgresBinaries,
  user: OperatingSystemUser | undefined,
): Promise<void> {
  const words = [
    ['-D', folder, `--username=${superuser}`, `--pwfile=${password}`, '--auth=scram-sha-256'],
    // No locale of the machine is involved: it may have none, and another machine sorts by another version of it.
    ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ['--data-checksums', '--no-instructions'],
  ].flat();
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  let output = '';
  const child = spawn(binaries.initdb, words, childProcessOptions(dirname(folder), user));
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  child.on('error', (error) => reject(explainSpawnError(error, user)));
  child.on('close', resolve);
  if ((await promise) === 0) return;
  if (output.includes('could not look up effective user ID')) {
    const id = process.geteuid?.();
    throw new EmbeddedPostgresStartError(
      `PostgreSQL cannot be set up by the user id ${id}, which has no name. Give it one in /etc/passwd, or set DATABASE_URL.`,
    );
  }
  throw new EmbeddedPostgresStartError(
    'The database could not be made.',
    output.trim().split('\n').slice(-8).join('\n'),
  );
}

/** @throws DataFolderVersionError */
export async function checkVersion(clusterFolder: string, expected: string): Promise<void> {
  const found = (await readIfPresent(join(clusterFolder, 'PG_VERSION')))?.trim() ?? 'unknown';
  if (found !== expected) throw new DataFolderVersionError(clusterFolder, found, expected);
}

export async function readPassword(clusterFolder: string): Promise<string> {
  const path = join(clusterFolder, passwordName);
  const password = await readIfPresent(path);
  if (password === undefined)
    throw new EmbeddedPostgresStartError(`${path} is missing. Bring it back from a backup.`);
  return password.trim();
}
