import { benchDashboard } from './dashboard/bench-dashboard.ts';
import { benchImport } from './imports/bench-import.ts';
import { benchSearch } from './search/bench-search.ts';
import { benchSignIn } from './sign-in/bench-sign-in.ts';
import { benchStart } from './start.ts';
import { benchUsers } from './users.ts';

const benches: Readonly<Record<string, (say: (line: string) => void) => Promise<void>>> = {
  start: benchStart,
  users: benchUsers,
  'sign-in': benchSignIn,
  search: benchSearch,
  import: benchImport,
  dashboard: benchDashboard,
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`No bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.\n`);
  process.exit(1);
}
for (const [name, run] of Object.entries(benches)) {
  // These load a million users: they are run when asked for.
  if (wanted.length > 0 ? !wanted.includes(name) : ['search', 'import', 'dashboard'].includes(name)) continue;
  process.stdout.write(`── ${name}\n`);
  await run((line) => process.stdout.write(`${line}\n`));
}
