/**
 * Holds every import against the floors of the house (CONTRIBUTING.md): downwards only, other modules through
 * their `index.ts`, SQL in `store.ts` alone. Prints each offending edge and fails when there is one.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const serverSource = join(root, 'packages/server/src');

/** Floors of packages/server/src, lowest first; modules of one floor may not import each other. */
const floors: readonly (readonly string[])[] = [
  ['platform'],
  ['tenant', 'logs'],
  ['applications'],
  ['connections'],
  ['users'],
  ['access'],
  ['organizations', 'messages', 'privacy'],
  ['protection'],
  ['extensibility'],
  ['accounts'],
  ['sign-in'],
  ['tokens', 'jobs', 'administration', 'dashboard', 'reference', 'demo', 'commands'],
];
/** Pairs on neighbouring or equal floors that are allowed all the same, with the reason. */
const allowedEdges = new Map([['tenant → logs', 'a change of the tenant writes its log event']]);

const fileRules: readonly {
  readonly applies: RegExp;
  readonly forbidden: RegExp;
  readonly reason: string;
}[] = [
  { applies: /\/routes\.ts$/, forbidden: /(^|\/)store\.ts$/, reason: 'routes call use cases, not SQL' },
  {
    applies:
      /packages\/server\/src\/(?!platform\/database\/)(?!bootstrap\.ts)(?!.*(^|\/)(store|[a-z-]*-store)\.ts$)(?!.*\.test\.ts$)/,
    forbidden: /^kysely$/,
    reason: 'only store.ts files and platform/database speak SQL',
  },
];

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly specifier: string;
}

const problems: string[] = [];
for (const edge of listEdges()) {
  const problem = checkPackages(edge) ?? checkFloors(edge) ?? checkFileRules(edge);
  if (problem) problems.push(`${edge.from} imports ${edge.specifier}: ${problem}`);
}
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n${problems.length} imports break the floors.\n`);
  process.exit(1);
}

function listEdges(): Edge[] {
  const files = globSync('packages/*/{src,migrations}/**/*.{ts,tsx}', { cwd: root });
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
      (match) => match[1] ?? '',
    );
    return specifiers.map((specifier) => ({
      from: file,
      to: specifier.startsWith('.') ? relative(root, resolve(root, dirname(file), specifier)) : specifier,
      specifier,
    }));
  });
}

/** `query` and `contract` import nothing of ours; dashboard, CLI and widget never import the server's inside. */
function checkPackages({ from, to }: Edge): string | undefined {
  const [, owner = ''] = /^packages\/([^/]+)/.exec(from) ?? [];
  if (/^packages\//.test(to) && !to.startsWith(`packages/${owner}/`))
    return 'another package is imported by its name, not by path';
  if (['query', 'contract'].includes(owner) && /^@muster\//.test(to))
    return `${owner} imports nothing of ours`;
  if (['dashboard', 'profile-widget'].includes(owner) && to === '@muster/server')
    return `${owner} never imports the server`;
  return undefined;
}

function checkFloors({ from, to }: Edge): string | undefined {
  const fromModule = moduleOf(from);
  const toModule = moduleOf(to);
  if (toModule === undefined || fromModule === toModule || from.endsWith('.test.ts')) return undefined;
  if (
    toModule !== 'platform' &&
    floorOf(toModule) >= 0 &&
    !/^[^/]+\/index\.ts$/.test(relative(serverSource, join(root, to)))
  ) {
    return `a module is entered through its index.ts`;
  }
  if (fromModule === undefined || allowedEdges.has(`${fromModule} → ${toModule}`)) return undefined;
  const [fromFloor, toFloor] = [floorOf(fromModule), floorOf(toModule)];
  if (fromFloor < 0 || toFloor < 0)
    return 'the module stands on no floor: add it to scripts/check-imports.ts';
  return toFloor < fromFloor ? undefined : 'imports run downwards only';
}

function checkFileRules({ from, to }: Edge): string | undefined {
  return fileRules.find((rule) => rule.applies.test(from) && rule.forbidden.test(to))?.reason;
}

/** The module folder of a file below packages/server/src; `undefined` for the composition at its root. */
function moduleOf(path: string): string | undefined {
  const inside = relative(serverSource, join(root, path));
  if (inside.startsWith('..') || !inside.includes('/')) return undefined;
  const [module] = inside.split('/');
  return module === 'process' ? undefined : module;
}

function floorOf(module: string): number {
  return floors.findIndex((floor) => floor.includes(module));
}
