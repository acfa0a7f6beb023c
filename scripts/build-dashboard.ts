/**
 * Builds the dashboard when its files are missing or older than its sources, so that `npm start` on a fresh clone has it. In
 * a release, which has no sources, it does nothing.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const built = join(root, 'packages/dashboard/dist/index.html');
const sources = globSync(
  [
    'packages/{dashboard,contract,query}/src/**/*.{ts,tsx}',
    'packages/dashboard/{index.html,package.json,vite.config.ts}',
  ],
  { cwd: root, exclude: ['**/*.test.ts'] },
);

const isStale = () =>
  !existsSync(built) ||
  sources.some((source) => statSync(join(root, source)).mtimeMs > statSync(built).mtimeMs);

if (sources.length > 0 && isStale())
  execFileSync('vite', ['build', 'packages/dashboard', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
    // Whatever this process is: a dashboard for development is half as large again.
    env: { ...process.env, NODE_ENV: 'production' },
  });
