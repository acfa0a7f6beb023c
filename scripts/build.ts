/**
 * Emits JavaScript for release into `dist/`: the same workspaces without tests and sources, ready for
 * `npm install --omit=dev && npm start` on a machine that should not compile.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeDashboard } from './make-dashboard.ts';

const root = resolve(import.meta.dirname, '..');
const target = join(root, 'dist');

rmSync(target, { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
makeDashboard(root);
cpSync(join(root, 'packages/dashboard/dist'), join(target, 'packages/dashboard/dist'), { recursive: true });
/** What works without the sources; the dashboard is there already. */
const releaseScripts: ReadonlySet<string> = new Set(['start', 'muster']);
for (const manifest of ['package.json', ...globSync('packages/*/package.json', { cwd: root })]) {
  // Entry points and scripts name sources; in the release they are the emitted files beside them.
  const text = readFileSync(join(root, manifest), 'utf8').replaceAll(/\.ts"/g, '.js"');
  const {
    devDependencies: _development,
    scripts = {},
    ...release
  }: { scripts?: Record<string, string>; [key: string]: unknown } = JSON.parse(text);
  const kept = Object.entries(scripts)
    .filter(([name]) => releaseScripts.has(name))
    .map(([name, command]) => [name, command.replaceAll(/\.ts\b/g, '.js')]);
  mkdirSync(dirname(join(target, manifest)), { recursive: true });
  writeFileSync(
    join(target, manifest),
    `${JSON.stringify({ ...release, scripts: Object.fromEntries(kept) }, null, 2)}\n`,
  );
}
for (const file of ['LICENSE', 'README.md']) copyFileSync(join(root, file), join(target, file));
process.stdout.write('Built into dist/.\n');
