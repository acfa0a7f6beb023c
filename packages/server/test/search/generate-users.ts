import fc from 'fast-check';
import { connectionNames, type NewIdentity, type NewUser } from './insert-users.ts';

/** Words that read as something else somewhere: operators, numbers, wildcards of SQL and of the language, escapes. */
const words = [
  ...['Jane', 'JANE', 'jane', 'Jané', 'Janet', "O'Neil", 'Straße', 'ÅSA', 'åsa', 'İpek', 'ΟΔΟΣ', 'ﬁx', 'Ǆ'],
  ...[
    '山田',
    '太郎',
    '😀',
    '😃～',
    '～',
    'Zu\u0308rich',
    'Zürich',
    'a_b',
    'axb',
    '100%',
    '100',
    'a\\b',
    'a\\\\b',
  ],
  ...[
    'say "hi"',
    '5*',
    '5',
    'why?',
    'true',
    'false',
    'null',
    '23',
    '023',
    '1e3',
    '1000',
    '4.50',
    '-0',
    'NaN',
  ],
  ...[
    'AND',
    'or',
    'NOT',
    'TO',
    '',
    ' ',
    '-',
    '+1',
    'x:y',
    'a\nb',
    '(x)',
    '[1 TO 2]',
    '{x}',
    '$1',
    'x|y',
    '\u0001',
  ],
  ...[
    '2017',
    '2017-12',
    '2017-12-31',
    '2017-12-31T23:59:59.000Z',
    '2017-12-31T23:59:59Z',
    '2018-01-01',
    '10.0.0.1',
  ],
];
const domains = ['example.com', 'Example.COM', 'mail.example', 'a_b.example', 'x.y.example'];
const numbers = [
  ...[0, -0, 1, -1, 2, 7, 23, 30, 100, 1000, 4.5, 4.25, -4.5, 0.1, 1e-7, -1e-7, 5e-324, 1e21, -1e21, 1.5e308],
  ...[2 ** 31, 2 ** 53, -(2 ** 53), 1 / 3, 255, 256],
];
const days = [
  '2016-02-29',
  '2017-12-30',
  '2017-12-31',
  '2018-01-01',
  '2018-01-15',
  '2018-02-01',
  '2025-12-31',
];
const times = ['00:00:00.000', '00:00:00.001', '10:30:00.000', '10:30:15.250', '23:59:59.999'];

const word = fc.constantFrom(...words);
const oddText = fc.string({ unit: 'binary', maxLength: 6 }).map((text) => text.replaceAll('\0', ''));
const text = fc.oneof(
  { weight: 6, arbitrary: word },
  { weight: 2, arbitrary: fc.tuple(word, word).map((pair) => pair.join(' ')) },
  { weight: 1, arbitrary: oddText },
);
/** Up to some 4,000 bytes: what is kept of a string for wildcards, ranges and sorting ends within. */
const longText = fc
  .tuple(fc.constantFrom('x', 'é', '山', '😀', 'ab '), fc.integer({ min: 100, max: 1_300 }), word)
  .map(([unit, count, end]) => unit.repeat(Math.min(count, 4_000 / Buffer.byteLength(unit))) + end);
const number = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...numbers) },
  { weight: 2, arbitrary: fc.integer({ min: -50, max: 150 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
);
const instant = fc
  .tuple(fc.constantFrom(...days), fc.constantFrom(...times))
  .map(([day, time]) => `${day}T${time}Z`);

const key = fc.constantFrom(
  'a',
  'b',
  'A',
  'city',
  'a b',
  'AND',
  'x-y',
  '"q"',
  'ключ',
  '*',
  'constructor',
  '😀',
);
const { json } = fc.letrec<{ json: unknown; scalar: unknown }>((tie) => ({
  scalar: fc.oneof(
    { weight: 5, arbitrary: text },
    { weight: 4, arbitrary: number },
    { weight: 2, arbitrary: fc.boolean() },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: tie('scalar') },
    { weight: 2, arbitrary: fc.array(tie('json'), { maxLength: 4 }) },
    { weight: 2, arbitrary: fc.dictionary(key, tie('json'), { maxKeys: 3 }) },
  ),
}));

/** Some keys of a usual type, so that many users can be compared, and some of any. */
const metadata = fc.record(
  {
    plan: fc.constantFrom('free', 'pro', 'Pro', 'team'),
    age: fc.oneof(fc.integer({ min: 18, max: 40 }), fc.constantFrom('23', '30', 'unknown')),
    tags: fc.array(text, { maxLength: 5 }),
    since: fc.oneof(
      instant,
      instant.map((iso) => iso.slice(0, 10)),
    ),
    score: fc.oneof(number, fc.array(number, { maxLength: 4 })),
    active: fc.oneof(fc.boolean(), fc.constantFrom('true', 'false')),
    address: fc.array(fc.record({ city: text, zip: fc.integer({ min: 1, max: 9 }) }), { maxLength: 3 }),
    bio: fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: longText }),
    any: json,
    other: json,
  },
  { requiredKeys: [] },
);
const profile = fc.record(
  {
    locale: fc.constantFrom('de', 'en', 'DE'),
    age: fc.oneof(fc.integer({ min: 18, max: 25 }), fc.constantFrom('20', '23')),
    verified: fc.boolean(),
    name: text,
    'http://claims.example/role': fc.oneof(
      fc.constantFrom('admin', 'clerk'),
      fc.array(text, { maxLength: 3 }),
    ),
    groups: json,
  },
  { requiredKeys: [] },
);

const identities = fc.array(fc.record({ connection: fc.constantFrom(...connectionNames), profile }), {
  minLength: 1,
  maxLength: 3,
  size: 'max',
});
/** Two of them differ in case only. */
const roleNames = ['Billing admin', 'billing', 'Billing', 'Support', 'Ärztin 100%', 'a_b', '*'];
const user = fc.record(
  {
    identities,
    email: fc.tuple(word, fc.constantFrom(...domains)).map(([local, domain]) => `${local}@${domain}`),
    email_verified: fc.boolean(),
    username: word,
    phone_number: fc.constantFrom('+15550100', '+15550101', '+4930123456', '+49301234567'),
    phone_verified: fc.boolean(),
    name: text,
    given_name: text,
    family_name: word,
    nickname: text,
    attributes: fc.record({ organization_id: fc.constantFrom('org_a', 'org_b', 'Org_A', 'org a') }),
    user_metadata: metadata,
    app_metadata: metadata,
    roles: fc.uniqueArray(fc.constantFrom(...roleNames), { minLength: 1, maxLength: 3 }),
    blocked: fc.boolean(),
    last_login: instant,
    last_ip: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.10', '2001:db8::1', '192.168.1.20'),
    logins_count: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(2_147_483_647)),
    created_at: instant,
    updated_at: instant,
  },
  { requiredKeys: ['identities', 'created_at', 'updated_at'] },
);
type GeneratedUser = typeof user extends fc.Arbitrary<infer Value> ? Value : never;

/** Users of every shape; the same for the same seed. */
export function generateUsers(count: number, seed: number): NewUser[] {
  const taken = new Map<string, number>();
  return fc.sample(user, { numRuns: count, seed }).map((generated) => giveIds(generated, taken));
}

const idForms = ['u', 'U', 'a_', 'a%', 'é-', 'x|'];

/** Ids are unique in a connection; the same ones stand in others, at other users. */
function giveIds({ identities: generated, ...fields }: GeneratedUser, taken: Map<string, number>): NewUser {
  const [primary, ...linked] = generated.map(({ connection, profile: shown }): NewIdentity => {
    const number = taken.get(connection) ?? 0;
    taken.set(connection, number + 1);
    return { connection, userId: `${idForms[number % idForms.length]}${number}`, profile: shown };
  });
  if (!primary) throw new Error('a generated user has no identity');
  return { ...fields, identities: [primary, ...linked] };
}
