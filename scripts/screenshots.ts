/**
 * What `npm run screenshots -- FOLDER` runs: pictures of every page of the dashboard and of the hosted pages, light and dark,
 * wide and narrow, with ordinary, overlong, right-to-left and no data. Takes some minutes.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const folder = resolve(process.argv[2] ?? 'screenshots');
const { status } = spawnSync('vitest', ['run', 'dashboard-pages', 'hosted-pages'], {
  cwd: resolve(import.meta.dirname, '..'),
  stdio: 'inherit',
  env: { ...process.env, MUSTER_SCREENSHOTS: folder },
});
if (status !== 0) throw new Error('The pictures were not made.');
process.stdout.write(`The pictures are in ${folder}.\n`);
