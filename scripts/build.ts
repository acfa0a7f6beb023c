/**
 * Makes a release in `dist/`: the server and the dashboard as few files, without tests and sources, ready for
 * `npm install --omit=dev && npm start` on a machine that should not compile. `npm run build -- FOLDER` makes it there.
 */
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { bundleServer, separatePackages } from './bundle-server.ts';
import { collectLicenses } from './collect-licenses.ts';
import { makeDashboard } from './make-dashboard.ts';

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: unknown;
  readonly [key: string]: unknown;
}

const root = resolve(import.meta.dirname, '..');
const target = resolve(process.argv[2] ?? join(root, 'dist'));
/** What works without the sources; the dashboard is there already. */
const releaseScripts: ReadonlySet<string> = new Set(['start', 'muster']);

rmSync(target, { recursive: true, force: true });
const { modules } = await bundleServer(root);
cpSync(join(root, 'packages/server/dist'), join(target, 'packages/server/dist'), { recursive: true });
// Not where a server of the sources finds its own, which may be in use.
makeDashboard(root, join(target, 'packages/dashboard/dist'));

writeManifest('package.json', (dependencies) => dependencies);
writeManifest('packages/server/package.json', (dependencies) =>
  dependencies.filter(([name]) => separatePackages.includes(name)),
);
for (const file of ['LICENSE', 'README.md']) copyFileSync(join(root, file), join(target, file));
writeFileSync(join(target, 'THIRD-PARTY-LICENSES'), collectLicenses(modules));
process.stdout.write(`Built into ${target}.\n`);

type Entries = [name: string, value: string][];

/** Writes one with what a release needs of it, and the programs where they are there. */
function writeManifest(path: string, select: (dependencies: Entries) => Entries): void {
  const {
    devDependencies: _development,
    scripts = {},
    dependencies = {},
    ...release
  }: Manifest = JSON.parse(readFileSync(join(root, path), 'utf8'));
  const kept = Object.entries(scripts)
    .filter(([name]) => releaseScripts.has(name))
    .map(([name, command]) => [name, command.replaceAll(/\/src\/(\S+)\.ts\b/g, '/dist/$1.js')]);
  const manifest = {
    ...release,
    scripts: Object.fromEntries(kept),
    dependencies: Object.fromEntries(select(Object.entries(dependencies))),
  };
  mkdirSync(dirname(join(target, path)), { recursive: true });
  writeFileSync(join(target, path), `${JSON.stringify(manifest, null, 2)}\n`);
}
