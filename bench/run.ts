import { benchSearch } from './search/bench-search.ts';
import { benchStart } from './start.ts';
import { benchUsers } from './users.ts';

const benches: Readonly<Record<string, (say: (line: string) => void) => Promise<void>>> = {
  start: benchStart,
  users: benchUsers,
  search: benchSearch,
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`No bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.\n`);
  process.exit(1);
}
for (const [name, run] of Object.entries(benches)) {
  // The search bench loads a million users: it is run when asked for.
  if (wanted.length > 0 ? !wanted.includes(name) : name === 'search') continue;
  process.stdout.write(`── ${name}\n`);
  await run((line) => process.stdout.write(`${line}\n`));
}
