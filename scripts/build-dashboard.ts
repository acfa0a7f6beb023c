/**
 * Builds the dashboard when its files are missing or older than its sources, so that `npm start` on a fresh clone has it. In
 * a release, which has no sources, it does nothing.
 */
import { existsSync, globSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { listCompressible, makeDashboard } from './make-dashboard.ts';

const root = resolve(import.meta.dirname, '..');
const built = join(root, 'packages/dashboard/dist/index.html');
const sources = globSync(
  [
    'packages/{dashboard,contract,query}/src/**/*.{ts,tsx,css}',
    'packages/dashboard/{index.html,package.json,vite.config.ts}',
    'scripts/{make-dashboard,collect-licenses}.ts',
  ],
  { cwd: root, exclude: ['**/*.test.ts'] },
);

const isStale = () =>
  !existsSync(built) ||
  sources.some((source) => statSync(join(root, source)).mtimeMs > statSync(built).mtimeMs) ||
  // Of a build that was interrupted.
  listCompressible(dirname(built)).some((file) => !existsSync(`${file}.gz`));

if (sources.length > 0 && isStale()) makeDashboard(root);
