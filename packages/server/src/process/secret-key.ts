import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataFolder } from '../platform/database/embedded/index.ts';

/**
 * The key that secrets in the database are encrypted with: the configured one, or one that is made once and
 * kept in the data folder. Losing it loses client secrets and signing keys, so it is on disk, synced, before
 * anything is encrypted with it.
 * @throws DataFolderNotWritableError
 */
export async function loadSecretKey(configured: string | undefined, dataFolder: string): Promise<string> {
  if (configured !== undefined) return configured;
  await openDataFolder(dataFolder);
  const path = join(dataFolder, 'secret-key');
  const existing = await readKey(path);
  if (existing !== undefined) return existing;
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(48).toString('base64url')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  // A hard link appears whole or not at all, and never replaces the key that another process made first.
  await link(temporary, path).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
  await rm(temporary, { force: true });
  const made = await readKey(path);
  if (made === undefined) throw new Error(`${path} vanished while it was made`);
  return made;
}

async function readKey(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
