import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licences of the packages that these modules are of, as their terms ask of whoever passes them on. */
export function collectLicenses(modules: Iterable<string>): string {
  const folders = new Set<string>();
  for (const path of modules) {
    const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];
    if (folder !== undefined) folders.add(folder);
  }
  return [...folders]
    .sort()
    .map(describe)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function describe(folder: string): string {
  const { name, version, license }: Record<string, unknown> = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const texts = globSync('{LICENSE,LICENCE,license,licence,NOTICE,Notice,COPYING}*', { cwd: folder });
  return [
    `${name} ${version} (${license})\n`,
    ...texts.map((text) => readFileSync(join(folder, text), 'utf8')),
  ].join('\n');
}
