import { recordSignIn } from '../../packages/server/src/users/index.ts';
import { sortFieldNames } from '../../packages/server/src/users/search/sort-order.ts';
import { findUsers } from '../../packages/server/src/users/store.ts';
import { type Bars, createBars } from './bars.ts';
import { type Directory, openDirectory } from './directory.ts';
import { benchLdap } from './ldap.ts';
import { type Answer, type Ask, type Client, type Latencies, measure, show, summarize } from './measure.ts';
import { expensiveQueries, listShapes, type Samples, type Shape } from './shapes.ts';

const users = Number(process.env['BENCH_USERS'] ?? 1_000_000);
const fewerUsers = Math.max(1_000, Math.round(users / 10));
const requests = Number(process.env['BENCH_REQUESTS'] ?? 30);
const ports = { few: 4804, all: 4805 };

/** Parts to run, all when none is named: `BENCH_PARTS=shapes,sorts`. */
const parts = (process.env['BENCH_PARTS'] ?? '').split(',').filter((part) => part !== '');
const wants = (part: string) => parts.length === 0 || parts.includes(part);

type Say = (line: string) => void;

/** User search over many demo users: every form of query, sorted, counted and paged, against the bars it was given. */
export async function benchSearch(say: Say): Promise<void> {
  const bars = createBars();
  say(
    `${fewerUsers} users, then ${users}; milliseconds as p50, p95 and slowest, seen by a client on the same machine`,
  );
  const before = wants('growth') ? await openDirectory(fewerUsers, ports.few) : undefined;
  const fewer = before ? await measureSelective(before.client, fewerUsers) : new Map<string, Selective>();
  await before?.close();

  const directory = await openDirectory(users, ports.all, process.env['BENCH_DATA_DIR']);
  try {
    const { client } = directory;
    const samples = await readSamples(client);
    const shapes = listShapes(samples, users);
    say(
      `loaded in ${directory.loadSeconds.toFixed(0)} s (nothing to load when the folder was kept); PostgreSQL read its pages for ${directory.warmSeconds.toFixed(1)} s after the start`,
    );
    const work: Readonly<Record<string, () => Promise<void>>> = {
      floor: () => benchFloor(say, client, samples),
      shapes: () => benchShapes(say, bars, directory, shapes),
      sorts: () => benchSorts(say, bars, client),
      checkpoints: () => benchCheckpoints(say, bars, client),
      growth: () => benchGrowth(say, bars, client, fewer),
      mix: () => benchMix(say, bars, client, shapes),
      writes: () => benchWrites(say, bars, directory, samples),
      size: () => benchSize(say, bars, directory),
      ldap: () => benchLdap(say, client, users),
    };
    for (const [part, run] of Object.entries(work)) if (wants(part)) await run();
  } finally {
    await directory.close();
  }
  for (const line of bars.summarize()) say(line);
}

function search(q: string, parameters: Readonly<Record<string, string | number | boolean>> = {}): Ask {
  if (q.length > 4_000) return { path: '/api/v2/users/search', body: JSON.stringify({ q, ...parameters }) };
  const query = new URLSearchParams({ q });
  for (const [name, value] of Object.entries(parameters)) query.set(name, String(value));
  return { path: `/api/v2/users?${query}` };
}

/** The part of a JSON answer under a key. */
function get(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function list(answer: Answer): unknown[] {
  const rows = Array.isArray(answer.body) ? answer.body : get(answer.body, 'users');
  if (!Array.isArray(rows)) throw new Error(`no list: ${JSON.stringify(answer.body).slice(0, 300)}`);
  return rows;
}

async function readSamples(client: Client): Promise<Samples> {
  const read = async (q: string) =>
    list(await client.ask(search(q, { sort: 'last_login:-1', per_page: 60, page: 40 })));
  const everybody = await read('_exists_:email');
  const google = await read('identities.connection:"google-oauth2"');
  return {
    userIds: everybody.map((user) => String(get(user, 'user_id'))),
    emails: everybody.map((user) => String(get(user, 'email'))),
    identityIds: google.map((user) => String(get(user, 'user_id')).replace(/^google-oauth2\|/, '')),
  };
}

function pick<Item>(items: readonly Item[], run: number): Item {
  const item = items[run % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

async function benchFloor(say: Say, client: Client, samples: Samples): Promise<void> {
  say('── floor: rows by primary key');
  const path = (run: number) => ({ path: `/api/v2/users/${encodeURIComponent(pick(samples.userIds, run))}` });
  say(
    `one user by id                                        ${show(await measure((run) => client.ask(path(run)), { count: 300 }))}`,
  );
  const page = async () => {
    for (let row = 0; row < 50; row++) await client.ask(path(row));
  };
  say(`50 users by id, one after the other                   ${show(await measure(page, { count: 20 }))}`);
}

async function benchShapes(
  say: Say,
  bars: Bars,
  { client, typed }: Directory,
  shapes: readonly Shape[],
): Promise<void> {
  say(
    '── shapes                                     matches  by key    first page              with total               8 at a time, with total',
  );
  for (const shape of shapes) {
    const total = Number(
      get(
        (await client.ask(search(pick(shape.queries, 0), { per_page: 1, include_totals: true }))).body,
        'total',
      ),
    );
    const ask = (parameters: Record<string, string | number | boolean>) => (run: number) =>
      client.ask(search(pick(shape.queries, run), parameters));
    // The floor: the rows of the first query's page by their primary key, without HTTP.
    const ids = list(await ask({})(0)).map((user) => String(get(user, 'user_id')));
    const floor = await measure(() => findUsers(typed, ids), { count: 20, seconds: 2 });
    const page = await measure(ask({}), { count: requests, seconds: 8 });
    const counted = await measure(ask({ include_totals: true }), { count: requests, seconds: 10 });
    const crowded = await measure(ask({ include_totals: true }), {
      count: requests * 2,
      concurrency: 8,
      seconds: 6,
    });
    const name = `${shape.form}, ${shape.selectivity}`;
    const isSelective = shape.selectivity === 'selective' && !shape.isInfix;
    const marks = [
      bars.hold(`${name}, first page`, page.p95, shape.isInfix ? 300 : 100),
      bars.hold(`${name}, with total`, counted.p95, isSelective ? 15 : shape.isInfix ? 500 : 250),
      bars.hold(`${name}, slowest`, Math.max(page.max, counted.max), 1_000),
    ];
    say(
      `${name.padEnd(42)} ${String(total).padStart(8)} ${floor.p50.toFixed(1).padStart(7)} ${show(page)}  ${show(counted)}  ${show(crowded)}${marks.join('')}`,
    );
  }
}

async function benchSorts(say: Say, bars: Bars, client: Client): Promise<void> {
  say('── sorted                                                first page              page 1,000 of 50');
  const filters = [
    '*',
    'app_metadata.plan:"pro"',
    'user_metadata.age:[30 TO 44]',
    'identities.connection:"google-oauth2"',
  ];
  const fields = [
    ...sortFieldNames,
    'app_metadata.score',
    'user_metadata.address.city',
    'user_metadata.newsletter',
  ];
  for (const field of new Set(fields)) {
    for (const q of filters) {
      const sort = (run: number) => `${field}:${run % 2 === 0 ? 1 : -1}`;
      const first = await measure((run) => client.ask(search(q, { sort: sort(run) })), {
        count: 20,
        seconds: 4,
      });
      const far = await measure((run) => client.ask(search(q, { sort: sort(run), page: 999 })), {
        count: 6,
        seconds: 4,
      });
      const marks = [
        bars.hold(`${q} by ${field}, first page`, first.p95, 100),
        bars.hold(`${q} by ${field}, page 1,000`, far.p95, 400),
        bars.hold(`${q} by ${field}, slowest`, Math.max(first.max, far.max), 1_000),
      ];
      say(`${`${q} by ${field}`.padEnd(56)} ${show(first)}  ${show(far)}${marks.join('')}`);
    }
  }
}

/** Walks a list to its end and compares its first pages with its last. */
async function benchCheckpoints(say: Say, bars: Bars, client: Client): Promise<void> {
  say('── checkpoints of 100 to the end                        the first 50 pages       the last 50 pages');
  for (const [q, sort] of [
    ['*', 'created_at:1'],
    ['app_metadata.plan:"pro"', 'email:1'],
    ['user_metadata.age:[30 TO 44]', 'app_metadata.score:-1'],
  ] as const) {
    const times: number[] = [];
    const seen = new Set<unknown>();
    let rows = 0;
    let from: unknown;
    do {
      const startedAt = performance.now();
      const answer = await client.ask(
        search(q, { sort, take: 100, fields: 'user_id', ...(typeof from === 'string' ? { from } : {}) }),
      );
      times.push(performance.now() - startedAt);
      for (const user of list(answer)) seen.add(get(user, 'user_id'));
      rows += list(answer).length;
      from = get(answer.body, 'next');
    } while (from !== undefined);
    const { body } = await client.ask(search(q, { per_page: 0, include_totals: true }));
    if (seen.size !== rows || rows !== get(body, 'total'))
      throw new Error(`${q}: ${rows} rows, ${seen.size} users, total ${get(body, 'total')}`);
    const first = summarize(times.slice(0, 50));
    const last = summarize(times.slice(-50));
    const mark = bars.hold(
      `checkpoints of ${q} by ${sort}, last pages against first`,
      last.p50 / first.p50,
      1.5,
    );
    say(
      `${`${q} by ${sort}, ${times.length} pages, ${rows} users`.padEnd(56)} ${show(first)}  ${show(last)}${mark}`,
    );
  }
}

interface Selective extends Latencies {
  /** Of the first query of the shape. */
  readonly matches: number;
}

async function measureSelective(client: Client, userCount: number): Promise<Map<string, Selective>> {
  const results = new Map<string, Selective>();
  const shapes = listShapes(await readSamples(client), userCount).filter(
    ({ selectivity, isInfix }) => selectivity === 'selective' && !isInfix,
  );
  for (const shape of shapes) {
    const ask = (run: number) => client.ask(search(pick(shape.queries, run), { include_totals: true }));
    const matches = Number(get((await ask(0)).body, 'total'));
    results.set(shape.form, { matches, ...(await measure(ask, { count: requests * 3, seconds: 5 })) });
  }
  return results;
}

async function benchGrowth(
  say: Say,
  bars: Bars,
  client: Client,
  fewer: ReadonlyMap<string, Selective>,
): Promise<void> {
  say(`── growth of selective shapes with total, ${fewerUsers} to ${users} users (p50)`);
  for (const [form, now] of await measureSelective(client, users)) {
    const before = fewer.get(form);
    if (!before) continue;
    const mark = bars.hold(`growth of ${form}`, now.p50 / before.p50, 2);
    say(
      `${form.padEnd(32)} ${`${before.matches} → ${now.matches} matches`.padEnd(24)} ${before.p50.toFixed(1)} → ${now.p50.toFixed(1)}  × ${(now.p50 / before.p50).toFixed(2)}${mark}`,
    );
  }
}

async function benchMix(say: Say, bars: Bars, client: Client, shapes: readonly Shape[]): Promise<void> {
  say('── 8 clients with selective searches while 2 ask for the most expensive totals');
  const selective = shapes.filter(
    ({ selectivity, isInfix, form }) => selectivity === 'selective' && !isInfix && !form.startsWith('OR'),
  );
  const ask = (run: number) => {
    const shape = pick(selective, run);
    return client.ask(
      search(pick(shape.queries, Math.floor(run / selective.length)), { include_totals: true }),
    );
  };
  // A server that has just started reads its pages from the disk; here it is asked how clients share the cores.
  for (const q of expensiveQueries) await client.ask(search(q, { per_page: 0, include_totals: true }));
  await measure(ask, { count: 20_000, concurrency: 8, seconds: 40 });
  let isRunning = true;
  const totals: number[] = [];
  let refused = 0;
  const burden = expensiveQueries.map(async (q) => {
    while (isRunning) {
      const startedAt = performance.now();
      // One that found no time is refused with 503, which has a bar of its own.
      await client.ask(search(q, { per_page: 0, include_totals: true })).catch(() => refused++);
      totals.push(performance.now() - startedAt);
    }
  });
  const found = await measure(ask, { count: 20_000, concurrency: 8, seconds: 20 });
  isRunning = false;
  await Promise.all(burden);
  say(
    `selective                                             ${show(found)}${bars.hold('selective beside expensive totals', found.p95, 40)}`,
  );
  say(
    `the totals, ${String(refused).padStart(3)} refused                               ${show(summarize(totals))}${bars.hold('totals refused beside selective searches', refused, 0)}`,
  );
}

async function benchWrites(
  say: Say,
  bars: Bars,
  { client, typed }: Directory,
  samples: Samples,
): Promise<void> {
  say('── writes');
  const patch = await measure(
    (run) =>
      client.ask({
        method: 'PATCH',
        path: `/api/v2/users/${encodeURIComponent(pick(samples.userIds, run))}`,
        body: JSON.stringify({ app_metadata: { plan: run % 2 === 0 ? 'pro' : 'team', seen: run } }),
      }),
    { count: 500 },
  );
  say(
    `PATCH of metadata                                     ${show(patch)}${bars.hold('PATCH of metadata, median', patch.p50, 5)}`,
  );
  // What a sign-in writes of the user, without the password's hash and the log.
  const login = await measure(
    (run) =>
      typed
        .transaction()
        .execute((transaction) => recordSignIn(transaction, pick(samples.userIds, run), '203.0.113.9')),
    { count: 500 },
  );
  say(
    `record of a sign-in, its statements                   ${show(login)}${bars.hold('record of a sign-in, median', login.p50, patch.p50)}`,
  );
}

async function benchSize(say: Say, bars: Bars, { database }: Directory): Promise<void> {
  say('── size of the search tables and their indexes');
  const { rows } = await database.query<{ name: string; bytes: string; users: string }>(
    `SELECT class.relname AS name, pg_relation_size(class.oid) AS bytes, (SELECT count(*) FROM user_search) AS users
     FROM pg_class AS class WHERE class.relname ~ '^user_search' AND class.relkind IN ('r', 'i') ORDER BY 2 DESC`,
  );
  let perUser = 0;
  for (const { name, bytes, users: count } of rows) {
    const share = Number(bytes) / Number(count);
    perUser += share;
    if (share >= 1) say(`${name.padEnd(42)} ${share.toFixed(0).padStart(6)} bytes per user`);
  }
  say(
    `${'together'.padEnd(42)} ${perUser.toFixed(0).padStart(6)} bytes per user${bars.hold('bytes per user', perUser, 2_560)}`,
  );
}
