import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** The files of a built dashboard that shrink; fonts and pictures are compressed already. */
export const listCompressible = (folder: string): string[] =>
  globSync('assets/*.{js,css,svg,json}', { cwd: folder }).map((file) => join(folder, file));

/** Builds the dashboard, with every file also as it is sent: compressed once, as well as can be. */
export function makeDashboard(root: string, target = join(root, 'packages/dashboard/dist')): void {
  const words = ['build', 'packages/dashboard', '--outDir', target, '--emptyOutDir', '--logLevel', 'warn'];
  execFileSync('vite', words, {
    cwd: root,
    stdio: 'inherit',
    // Whatever this process is: a dashboard for development is half as large again.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  for (const file of listCompressible(target)) {
    const content = readFileSync(file);
    const size = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params: size }));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
  }
}
