import type { SpawnOptions } from 'node:child_process';
import { errorCode } from './error-code.ts';
import { EmbeddedPostgresStartError, EmbeddedPostgresUnavailableError } from './errors.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';

/** Of Muster's environment: no secrets of ours, and none of the PG… variables that PostgreSQL obeys. */
const inheritedNames = ['PATH', 'SystemRoot', 'TEMP', 'TMP'];

/** How PostgreSQL's programs are spawned: as `user`, from a folder that this user can enter. */
export function childProcessOptions(
  folder: string,
  user: OperatingSystemUser | undefined,
  environment: Readonly<Record<string, string>> = {},
): SpawnOptions {
  const inherited = inheritedNames.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), LC_ALL: 'C', TZ: 'UTC', ...environment },
    windowsHide: true,
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  };
}

/** Why a program that is there did not even begin. */
export function explainSpawnError(cause: unknown, user: OperatingSystemUser | undefined): Error {
  const code = errorCode(cause);
  if (code === 'ENOENT') {
    // What is missing is the loader that the program names, glibc's.
    return new EmbeddedPostgresUnavailableError('this system (Alpine?) cannot run its programs', { cause });
  }
  if (user && code === 'EPERM') {
    return new EmbeddedPostgresStartError(
      `PostgreSQL does not run as root, and this process may not become ${user.name}. Run Muster as an ordinary user, or set DATABASE_URL.`,
    );
  }
  return new EmbeddedPostgresStartError('PostgreSQL could not be run.', String(cause), { cause });
}
