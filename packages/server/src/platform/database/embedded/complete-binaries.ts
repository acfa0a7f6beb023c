import { chmod, lstat, readFile, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { errorCode } from './error-code.ts';

/**
 * Makes the symbolic links between libraries that npm packages cannot hold, and programs executable; the package's
 * own install script does so, but npm may have been told to run none. A complete package is not written to.
 * @returns whether the package is complete now: it may stand in a folder that cannot be written
 */
export async function completeBinaries(packageFolder: string): Promise<boolean> {
  try {
    for (const { source, target } of await readLinks(packageFolder)) {
      const path = join(packageFolder, target);
      if (await lstat(path).catch(unless('ENOENT'))) continue;
      await symlink(relative(dirname(path), join(packageFolder, source)), path).catch(unless('EEXIST'));
    }
    for (const program of ['initdb', 'postgres', 'pg_ctl']) {
      const path = programPath(packageFolder, program);
      const { mode } = await stat(path);
      if (process.platform !== 'win32' && (mode & 0o100) === 0) await chmod(path, 0o755);
    }
    return true;
  } catch (error) {
    if (['EROFS', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

async function readLinks(packageFolder: string): Promise<readonly { source: string; target: string }[]> {
  const text = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(
    unless('ENOENT'),
  );
  return JSON.parse(text ?? '[]');
}

export function programPath(packageFolder: string, name: string): string {
  return join(packageFolder, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/** A handler that makes `undefined` of errors with this code and passes others on. */
function unless(code: string): (error: unknown) => undefined {
  return (error) => {
    if (errorCode(error) !== code) throw error;
    return undefined;
  };
}
