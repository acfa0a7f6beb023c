import { chmod, copyFile, mkdir, readdir, readlink, rename, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { completeBinaries } from './complete-binaries.ts';
import { isOccupied, syncToDisk } from './durable-files.ts';
import { errorCode } from './error-code.ts';
import { EmbeddedPostgresUnavailableError } from './errors.ts';
import { makeTemporaryFolder, removeFolder, removeLeftovers } from './temporary-folder.ts';

/**
 * Copies a platform package's programs, readable by everyone, into the first of `parents` that can be written,
 * once per version; returns the copy, which is laid out as the package is.
 * @throws EmbeddedPostgresUnavailableError
 */
export async function copyBinaries(
  packageFolder: string,
  version: string,
  parents: readonly string[],
  onNotice: (line: string) => void = () => undefined,
): Promise<string> {
  const targets = parents.map((parent) => ({ parent, copy: join(parent, `postgresql-${version}`) }));
  for (const { copy } of targets) {
    if (await isFolder(copy)) return copy;
  }
  let cause: unknown;
  for (const { parent, copy } of targets) {
    try {
      await makeCopy(packageFolder, parent, copy);
      onNotice(`PostgreSQL's programs were copied to ${copy}, as they cannot be run from ${packageFolder}.`);
      return copy;
    } catch (error) {
      cause = error;
    }
  }
  const reason = `its programs cannot be run from ${packageFolder} nor be copied${parents.length > 0 ? ` to ${parents.join(' or ')}` : ''}`;
  throw new EmbeddedPostgresUnavailableError(reason, { cause });
}

async function makeCopy(packageFolder: string, parent: string, copy: string): Promise<void> {
  await mkdir(parent, { recursive: true, mode: 0o755 });
  await removeLeftovers(parent);
  const temporary = await makeTemporaryFolder(parent, undefined);
  try {
    await chmod(temporary, 0o755);
    await copyFolder(join(packageFolder, 'native'), join(temporary, 'native'));
    await completeBinaries(temporary);
    await rename(temporary, copy);
    await syncToDisk(parent);
  } catch (error) {
    await removeFolder(temporary);
    // Another process may have been faster; its copy is as good.
    if (!isOccupied(error)) throw error;
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await copyReadable(source, target);
  }
  await syncToDisk(to);
}

async function copyReadable(source: string, target: string): Promise<void> {
  await copyFile(source, target);
  await chmod(target, (await stat(source)).mode & 0o100 ? 0o755 : 0o644);
  await syncToDisk(target);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}
