import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client as LdapClient } from 'ldapts';
import { makeDemoUser } from '../../packages/server/src/demo/make-demo-user.ts';
import { type Client, measure, show } from './measure.ts';

const port = 4806;
const base = 'ou=users,dc=example,dc=com';
const requests = Number(process.env['BENCH_REQUESTS'] ?? 30);

interface Pair {
  readonly name: string;
  /** Muster's query and slapd's filter for the same people. */
  readonly q: (index: number) => string;
  readonly filter: (index: number) => string;
  /** Whether every match is counted; else the first 50 are fetched. */
  readonly counts?: boolean;
}

/** The same people in OpenLDAP, its attributes indexed, asked the same questions in turn. */
export async function benchLdap(say: (line: string) => void, client: Client, users: number): Promise<void> {
  say('── beside OpenLDAP (slapd, mdb, indexed)');
  const binaries = ['/usr/sbin/slapd', '/usr/sbin/slapadd'];
  if (process.env['BENCH_LDAP'] === 'false' || !binaries.every((binary) => existsSync(binary))) {
    say('left out: slapd is not installed here, or BENCH_LDAP=false');
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'muster-bench-ldap-'));
  const startedAt = performance.now();
  const slapd = await startSlapd(folder, users);
  const ldap = new LdapClient({ url: `ldap://127.0.0.1:${port}` });
  try {
    await ldap.bind('cn=admin,dc=example,dc=com', 'bench');
    say(`slapadd of ${users} people and start: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    say(
      '                                                      Muster                  slapd                    ratio of p50',
    );
    for (const pair of pairs) await compare(say, client, ldap, pair);
  } finally {
    await ldap.unbind().catch(() => undefined);
    slapd.kill('SIGTERM');
    await once(slapd, 'exit');
    await rm(folder, { recursive: true, force: true });
  }
}

const person = (index: number) => makeDemoUser(1, index * 7_919).user;
const escapeFilter = (text: string) =>
  text.replaceAll(/[\\*()\0]/g, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

const pairs: readonly Pair[] = [
  {
    name: 'id',
    q: (index) => `user_id:"${person(index).user_id}"`,
    filter: (index) => `(uid=${escapeFilter(String(person(index).user_id))})`,
  },
  {
    name: 'address',
    q: (index) => `email:"${person(index).email}"`,
    filter: (index) => `(mail=${escapeFilter(String(person(index).email))})`,
  },
  {
    name: 'prefix of an address',
    q: () => `email:oscar.w*`,
    filter: () => '(mail=oscar.w*)',
  },
  { name: 'infix of a name', q: () => 'name:*chmid*', filter: () => '(cn=*chmid*)' },
  {
    name: 'suffix of an address',
    q: (index) => `email:*@corp${index}.example`,
    filter: (index) => `(mail=*@corp${index}.example)`,
  },
  { name: 'one city', q: () => 'user_metadata.address.city:"Leipzig"', filter: () => '(l=Leipzig)' },
  {
    name: 'city AND plan',
    q: () => 'user_metadata.address.city:"Leipzig" AND app_metadata.plan:"pro"',
    filter: () => '(&(l=Leipzig)(employeeType=pro))',
  },
  {
    name: 'city AND NOT plan',
    q: () => 'user_metadata.address.city:"Leipzig" AND NOT app_metadata.plan:"pro"',
    filter: () => '(&(l=Leipzig)(!(employeeType=pro)))',
  },
  {
    name: 'number of one city',
    counts: true,
    q: () => 'user_metadata.address.city:"Leipzig"',
    filter: () => '(l=Leipzig)',
  },
  {
    name: 'number with one plan',
    counts: true,
    q: () => 'app_metadata.plan:"pro"',
    filter: () => '(employeeType=pro)',
  },
];

async function compare(
  say: (line: string) => void,
  client: Client,
  ldap: LdapClient,
  pair: Pair,
): Promise<void> {
  const count = pair.counts ? 5 : requests;
  const muster = await measure(
    (run) => {
      const query = new URLSearchParams({
        q: pair.q(run),
        ...(pair.counts ? { per_page: '0', include_totals: 'true' } : {}),
      });
      return client.ask({ path: `/api/v2/users?${query}` });
    },
    { count, seconds: 8 },
  );
  const other = await measure(
    (run) =>
      ldap
        .search(base, {
          scope: 'one',
          filter: pair.filter(run),
          // LDAP has no counts: the shortest list of all matches is what its clients count by.
          ...(pair.counts ? { attributes: ['1.1'], paged: { pageSize: 1_000 } } : { sizeLimit: 50 }),
        })
        .catch(ignoreSizeLimit),
    { count, seconds: 20 },
  );
  say(`${pair.name.padEnd(48)} ${show(muster)}  ${show(other)}    ${(muster.p50 / other.p50).toFixed(2)}`);
}

/** The answer to a search with more matches than asked for comes with this error behind its entries. */
function ignoreSizeLimit(error: unknown): void {
  if (!(error instanceof Error && error.name === 'SizeLimitExceededError')) throw error;
}

async function startSlapd(folder: string, users: number): Promise<ChildProcess> {
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'slapd.conf'), configuration(folder));
  await writePeople(join(folder, 'people.ldif'), users);
  execFileSync(
    '/usr/sbin/slapadd',
    ['-q', '-f', join(folder, 'slapd.conf'), '-l', join(folder, 'people.ldif')],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  await rm(join(folder, 'people.ldif'));
  const slapd = spawn(
    '/usr/sbin/slapd',
    ['-f', join(folder, 'slapd.conf'), '-h', `ldap://127.0.0.1:${port}`, '-d', '0'],
    { stdio: 'ignore' },
  );
  for (let attempt = 0; attempt < 100; attempt++) {
    const probe = new LdapClient({ url: `ldap://127.0.0.1:${port}`, connectTimeout: 500 });
    const isUp = await probe.bind('cn=admin,dc=example,dc=com', 'bench').then(
      () => true,
      () => false,
    );
    await probe.unbind().catch(() => undefined);
    if (isUp) return slapd;
    await wait(100);
  }
  throw new Error('slapd does not answer');
}

function configuration(folder: string): string {
  return `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile ${folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
sizelimit unlimited
database mdb
suffix "dc=example,dc=com"
rootdn "cn=admin,dc=example,dc=com"
rootpw bench
directory ${folder}/data
maxsize 17179869184
index objectClass eq
index uid,l,employeeType eq
index cn eq,sub
index mail eq,pres,sub
`;
}

async function writePeople(path: string, users: number): Promise<void> {
  const file = await open(path, 'w');
  await file.write(
    'dn: dc=example,dc=com\nobjectClass: dcObject\nobjectClass: organization\no: example\ndc: example\n\n',
  );
  await file.write(`dn: ${base}\nobjectClass: organizationalUnit\nou: users\n\n`);
  let lines: string[] = [];
  for (let index = 0; index < users; index++) {
    lines.push(describePerson(index));
    if (lines.length < 2_000 && index < users - 1) continue;
    await file.write(lines.join(''));
    lines = [];
  }
  await file.close();
}

function describePerson(index: number): string {
  const { user } = makeDemoUser(1, index);
  const attributes: readonly (readonly [name: string, value: unknown])[] = [
    ['uid', user.user_id],
    ['cn', user.name],
    ['sn', user.family_name],
    ['givenName', user.given_name],
    ['mail', user.email],
    ['l', read(user.user_metadata, 'address', 'city')],
    ['employeeType', read(user.app_metadata, 'plan')],
  ];
  const lines = attributes.flatMap(([name, value]) =>
    typeof value === 'string' ? [`${name}:: ${Buffer.from(value).toString('base64')}`] : [],
  );
  return [
    `dn: employeeNumber=${index},${base}`,
    'objectClass: inetOrgPerson',
    `employeeNumber: ${index}`,
    ...lines,
    '',
    '',
  ].join('\n');
}

function read(value: unknown, ...keys: readonly string[]): unknown {
  let content = value;
  for (const key of keys)
    content = typeof content === 'object' && content !== null ? Reflect.get(content, key) : undefined;
  return content;
}
