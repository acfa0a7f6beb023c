import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresBinaries, systemFolder } from './binaries.ts';
import { DataFolderNotWritableError, DataFolderVersionError, EmbeddedPostgresStartError } from './errors.ts';
import { canReach, type OperatingSystemUser } from './operating-system-user.ts';

/** The role that owns the cluster. */
export const superuser = 'muster';

/** A cluster on disk and how to reach its server. */
export interface Cluster {
  readonly folder: string;
  readonly password: string;
  /** Of the Unix socket; private to the database's user and root. */
  readonly socketFolder: string;
  readonly logFile: string;
}

/**
 * Finds the data folder's cluster, or makes it: initialised in a temporary folder beside its place and renamed, so
 * that a start that was killed half-way leaves nothing that the next one could mistake for a cluster.
 * @throws DataFolderNotWritableError, DataFolderVersionError, EmbeddedPostgresStartError
 */
export async function provideCluster(
  dataFolder: string,
  binaries: PostgresBinaries,
  user: OperatingSystemUser | undefined,
  onNotice: (line: string) => void,
): Promise<Cluster> {
  const home = await provideHome(dataFolder, user, onNotice);
  const folder = join(home, 'postgres');
  await removeLeftovers(home);
  if (!(await exists(join(folder, 'PG_VERSION')))) await initializeCluster(home, folder, binaries, user);
  const version = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
  if (version !== binaries.majorVersion)
    throw new DataFolderVersionError(dataFolder, version, binaries.majorVersion);
  return {
    folder: await realpath(folder),
    password: (await readFile(join(folder, 'muster-password'), 'utf8')).trim(),
    socketFolder: await provideSocketFolder(await realpath(folder), user),
    logFile: join(dataFolder, 'postgres.log'),
  };
}

/** The folder that holds the cluster: the data folder, or one of our own where the database's user cannot enter that. */
async function provideHome(
  dataFolder: string,
  user: OperatingSystemUser | undefined,
  onNotice: (line: string) => void,
): Promise<string> {
  try {
    await mkdir(dataFolder, { recursive: true });
    const probe = join(dataFolder, `.probe-${process.pid}`);
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    throw new DataFolderNotWritableError(dataFolder, { cause });
  }
  const pointer = join(dataFolder, 'postgres-location');
  const pointed = await readFile(pointer, 'utf8').catch(() => undefined);
  if (pointed !== undefined) return pointed.trim();
  if (
    !user ||
    (await exists(join(dataFolder, 'postgres', 'PG_VERSION'))) ||
    canReach(await realpath(dataFolder), user)
  )
    return dataFolder;
  const home = join(systemFolder, randomBytes(8).toString('hex'));
  await mkdir(home, { recursive: true, mode: 0o755 });
  await chmod(systemFolder, 0o755);
  await writeDurably(pointer, `${home}\n`);
  onNotice(
    `The database runs as the user ${user.name}, who cannot enter ${dataFolder}; its files are in ${home}.`,
  );
  return home;
}

/** Temporary folders of starts whose process is gone. */
async function removeLeftovers(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const [, pid] = /^\.postgres-(\d+)-/.exec(name) ?? [];
    if (pid && (Number(pid) === process.pid || !isAlive(Number(pid))))
      await rm(join(home, name), { recursive: true, force: true });
  }
}

async function initializeCluster(
  home: string,
  folder: string,
  binaries: PostgresBinaries,
  user: OperatingSystemUser | undefined,
): Promise<void> {
  const temporary = join(home, `.postgres-${process.pid}-${randomBytes(4).toString('hex')}`);
  await mkdir(temporary, { mode: 0o700 });
  const passwordFile = `${temporary}.password`;
  const password = randomBytes(24).toString('base64url');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user) {
    await chown(temporary, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  try {
    await runInitdb(binaries, temporary, passwordFile, user);
    const kept = join(temporary, 'muster-password');
    await writeDurably(kept, `${password}\n`, 0o600);
    if (user) await chown(kept, user.uid, user.gid);
    await rename(temporary, folder).catch(async (error: unknown) => {
      // Another process was quicker; its cluster is as good as ours.
      if (!(await exists(join(folder, 'PG_VERSION')))) throw error;
    });
  } finally {
    await rm(passwordFile, { force: true });
    await rm(temporary, { recursive: true, force: true });
  }
}

async function runInitdb(
  binaries: PostgresBinaries,
  folder: string,
  passwordFile: string,
  user: OperatingSystemUser | undefined,
): Promise<void> {
  const initdb = spawn(
    binaries.initdb,
    [
      ...[
        '-D',
        folder,
        '-U',
        superuser,
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--data-checksums',
      ],
      ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: '/usr/bin:/bin', TZ: 'UTC' },
      cwd: folder,
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    },
  );
  const output = collectOutput(initdb);
  const code = await new Promise<number | string>((resolve) => {
    initdb.on('error', (error) => resolve(error.message));
    initdb.on('close', (status) => resolve(status ?? 'a signal'));
  });
  if (code !== 0)
    throw new EmbeddedPostgresStartError(`The database could not be made (initdb: ${code}).`, output());
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-4_000)));
  return () => text;
}

/**
 * A private folder with a short path, as a socket's path is limited to 107 bytes. Refuses one that somebody else
 * made under the name.
 */
async function provideSocketFolder(
  clusterFolder: string,
  user: OperatingSystemUser | undefined,
): Promise<string> {
  const owner = user?.uid ?? process.getuid?.() ?? 0;
  const name = `muster-${owner}-${createHash('sha256').update(clusterFolder).digest('hex').slice(0, 12)}`;
  const folder = join(process.platform === 'win32' ? clusterFolder : tmpdir(), name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (user && (await stat(folder)).uid === 0) await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700).catch(() => undefined); // the check below decides
  const stats = await stat(folder);
  if (process.platform !== 'win32' && (stats.uid !== owner || (stats.mode & 0o077) !== 0)) {
    throw new EmbeddedPostgresStartError(
      `${folder} belongs to somebody else.`,
      'Remove it, or set TMPDIR to a folder of your own.',
    );
  }
  return folder;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function writeDurably(path: string, text: string, mode = 0o644): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  const file = await open(temporary, 'w', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
