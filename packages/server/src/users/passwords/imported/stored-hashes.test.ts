import { setInterval } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseImportedHash, toImportable, verifyStoredPassword } from './index.ts';

function keep(custom: unknown): string {
  const parsed = parseImportedHash({ custom_password_hash: custom });
  if (!parsed.isValid) throw new Error(JSON.stringify(parsed.problems));
  return parsed.stored.hash;
}

/** Vectors of the reference's behaviour, as its users published and measured them. */
const published: readonly [name: string, custom: Record<string, unknown>, password: string][] = [
  ...(
    [
      ['prefix', 'd2ef80197aba1fb2e465473249dfae49'],
      ['suffix', '42ad4350682cfa758bacce755b0ef97a'],
    ] as const
  ).map(([position, value]): [string, Record<string, unknown>, string] => [
    `md5 with salt as ${position}`,
    { algorithm: 'md5', hash: { value, encoding: 'hex' }, salt: { value: 'abc123', position } },
    'P@ssw0rd!',
  ]),
  [
    'sha1 in base64',
    { algorithm: 'sha1', hash: { value: 'B20+bEufZUtbIguQRbdFira0y8Y=', encoding: 'base64' } },
    'P@ssw0rd!',
  ],
  [
    'sha256 with a salt whose position is the default',
    {
      algorithm: 'sha256',
      hash: { value: 'beb89b28bb96b95dad8e94cd40fbc8636bebd2b43939964270f9aafdd5baa293', encoding: 'hex' },
      salt: { value: 'abc123' },
    },
    'P@ssw0rd!',
  ],
  [
    'sha256 of ucs2',
    {
      algorithm: 'sha256',
      hash: { value: 'a0e9924a866cce0eecbcb37fd8081ed5ce8e319477735dbd22edbdadcaefca8e', encoding: 'hex' },
      password: { encoding: 'ucs2' },
    },
    'P@ssw0rd!',
  ],
  [
    'sha512',
    {
      algorithm: 'sha512',
      hash: {
        value:
          '9a585872fc4a94ba2fe0f7e9625bcfccc1050dab20b56df35a1c8915a3d8325616c0172284c2f4fe9471667c9c4f1fbdc0d371684caee74cdf9d39d82383a383',
        encoding: 'hex',
      },
    },
    'P@ssw0rd!',
  ],
  [
    'hmac with a text key',
    {
      algorithm: 'hmac',
      hash: {
        value: 'bfda668fac2005c0e6ceac970be3d0d9c3b00385c8899a6b8853ccff6b6ebfc5',
        encoding: 'hex',
        digest: 'sha256',
        key: { value: 'secret', encoding: 'utf8' },
      },
    },
    'P@ssw0rd!',
  ],
  [
    'hmac with a hex key',
    {
      algorithm: 'hmac',
      hash: {
        value: 'cg7f42jH39/2EaAU4wNd4s2lKIk=',
        encoding: 'base64',
        digest: 'sha1',
        key: { value: '736868', encoding: 'hex' },
      },
    },
    'test',
  ],
  [
    'pbkdf2',
    {
      algorithm: 'pbkdf2',
      hash: {
        value:
          '$pbkdf2-sha256$i=100000,l=64$TmFDbE5hQ2w$w30nkULJdd+HO5tDufL0xMCzrgt9DH6YNPDRihS8gFr16GVrkjpUytT6ekvgiS3MSHK9mOzW2iWJ4/nPdC4iZw',
      },
    },
    'P@ssw0rd!',
  ],
  ...[
    '{SHA}B20+bEufZUtbIguQRbdFira0y8Y=',
    '{SSHA}cdxT9P8Per7FGojDilpGCN7HftNzYWx0',
    '{SMD5}QduwlKEkFtueS1S0F3RQTnNhbHQ=',
    '{SSHA256}8L2X3E+znDC0XqB4OTkjg6akLlU0sqcahh7uxjFmt5tzYWx0',
  ].map((value): [string, Record<string, unknown>, string] => [
    `ldap ${value.slice(0, value.indexOf('}') + 1)}`,
    { algorithm: 'ldap', hash: { value, encoding: 'utf8' } },
    'P@ssw0rd!',
  ]),
  [
    'scrypt',
    {
      algorithm: 'scrypt',
      hash: { value: '097f6197e1b41538f723e32aa7a68e8d76227d8e432ce5faa4882a913032db29', encoding: 'hex' },
      salt: { value: 'abc123' },
      keylen: 32,
      cost: 4096,
    },
    'password',
  ],
  [
    'bcrypt',
    {
      algorithm: 'bcrypt',
      hash: { value: '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K' },
    },
    'hello',
  ],
];

describe('published vectors', () => {
  it.each(published)('%s', async (_name, custom, password) => {
    const kept = keep(custom);
    expect(await verifyStoredPassword(password, kept)).toBe(true);
    expect(await verifyStoredPassword(`${password} `, kept)).toBe(false);
  });
});

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array));
const text = fc.string({ unit: 'binary', maxLength: 20 });
const encodings = ['hex', 'base64', 'utf8'] as const;
const encoded = fc
  .record({
    content: fc.uint8Array({ minLength: 1, maxLength: 20 }),
    encoding: fc.constantFrom(...encodings),
    text,
  })
  .map(({ content, encoding, text }) => ({
    value: encoding === 'utf8' ? `${text}.` : Buffer.from(content).toString(encoding),
    encoding,
  }));
const salt = fc
  .record({ part: encoded, position: fc.constantFrom('prefix', 'suffix', undefined) })
  .map(({ part, position }) => (position ? { ...part, position } : part));
const password = fc.record({
  encoding: fc.constantFrom('ascii', 'utf8', 'utf16le', 'ucs2', 'latin1', 'binary'),
});
const unless = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** A digest as every way of writing it. */
const written = (length: number) =>
  fc
    .record({ digest: bytes(length), form: fc.constantFrom('hex', 'HEX', 'base64', 'base64url') })
    .map(({ digest, form }) =>
      form.toLowerCase() === 'hex'
        ? {
            value: form === 'HEX' ? digest.toString('hex').toUpperCase() : digest.toString('hex'),
            encoding: 'hex',
          }
        : { value: digest.toString(form === 'base64' ? 'base64' : 'base64url'), encoding: 'base64' },
    );

const plain = fc
  .constantFrom(
    ['md4', 16] as const,
    ['md5', 16] as const,
    ['sha1', 20] as const,
    ['sha256', 32] as const,
    ['sha512', 64] as const,
  )
  .chain(([algorithm, length]) =>
    fc.record({
      algorithm: fc.constant(algorithm),
      hash: written(length),
      salt: unless(salt),
      password: unless(password),
    }),
  );
const hmac = fc.record({
  algorithm: fc.constant('hmac'),
  hash: fc
    .record({ hash: written(32), key: encoded })
    .map(({ hash, key }) => ({ ...hash, digest: 'sha256', key })),
  salt: unless(salt),
  password: unless(password),
});
const scrypt = fc.record({
  algorithm: fc.constant('scrypt'),
  hash: written(24),
  salt: unless(salt),
  keylen: fc.constant(24),
  cost: unless(fc.constantFrom(2, 1024, 16_384)),
  blockSize: unless(fc.constantFrom(1, 8)),
  parallelization: unless(fc.constantFrom(1, 2)),
});
const ldap = fc
  .record({
    digest: bytes(20),
    salt: fc.uint8Array({ minLength: 1, maxLength: 9 }),
    password: unless(password),
  })
  .map(({ digest, salt, password }) => ({
    algorithm: 'ldap',
    hash: { value: `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}` },
    password,
  }));
/** As it comes out of a file: without the attributes that are not there. */
const imported = fc
  .oneof(plain, hmac, scrypt, ldap)
  .map((custom): unknown => JSON.parse(JSON.stringify(custom)));

describe('kept hashes', () => {
  it('are given back as they were imported, whatever they are made of', () => {
    fc.assert(
      fc.property(imported, (custom) => {
        const parsed = parseImportedHash({ custom_password_hash: custom });
        if (!parsed.isValid) throw new Error(JSON.stringify([custom, parsed.problems]));
        expect(toImportable(parsed.stored)).toEqual({ custom_password_hash: custom });
      }),
      { numRuns: 1000 },
    );
  });

  it('are PHC and crypt strings as they came where these say everything', () => {
    const argon2 = '$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$YWFhYWFhYWFhYQ';
    expect(keep({ algorithm: 'argon2', hash: { value: argon2 } })).toBe(argon2);
    const bcrypt = '$2y$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K';
    expect(keep({ algorithm: 'bcrypt', hash: { value: bcrypt }, password: { encoding: 'utf8' } })).toBe(
      bcrypt,
    );
    expect(keep({ algorithm: 'bcrypt', hash: { value: bcrypt }, salt: { value: 'x' } })).toMatch(/^\{/);
  });

  it('are nobody’s password when they are damaged', async () => {
    const whole = published.map(([, custom]) => keep(custom));
    const damaged = fc
      .record({ hash: fc.constantFrom(...whole), place: fc.nat(), by: fc.string({ maxLength: 3 }) })
      .map(({ hash, place, by }) => hash.slice(0, place % (hash.length - 4)) + by);
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, text), async (hash) => {
        expect(await verifyStoredPassword('P@ssw0rd!', hash)).toBe(false);
      }),
      { numRuns: 500 },
    );
    const rest = [
      'null',
      '[]',
      '{}',
      '{"algorithm":"constructor"}',
      '{"algorithm":"md5"}',
      '$2',
      '$argon2id$',
    ];
    for (const hash of rest) expect(await verifyStoredPassword('', hash)).toBe(false);
  });

  it('are refused again where they ask for too much work', async () => {
    const greedy = { algorithm: 'drupal', hash: { value: `$S$zabcdefgh${'a'.repeat(43)}` } };
    expect(await verifyStoredPassword('hello', JSON.stringify(greedy))).toBe(false);
  });

  it('of PHPass and Drupal are of passwords no longer than theirs', async () => {
    const drupal = keep({ algorithm: 'drupal', hash: { value: `$S$Gabcdefgh${'a'.repeat(43)}` } });
    const before = performance.now();
    expect(await verifyStoredPassword('x'.repeat(10_000_000), drupal)).toBe(false);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it.each([
    ['pbkdf2', `$pbkdf2-whirlpool$i=30000,l=64$c2FsdA$${'a'.repeat(86)}`],
    ['phpass', `$P$Eabcdefgh${'a'.repeat(22)}`],
    ['drupal', `$S$Eabcdefgh${'a'.repeat(43)}`],
  ])('of %s leave the event loop to others while they are computed', async (algorithm, value) => {
    const kept = keep({ algorithm, hash: { value } });
    let isDone = false;
    const verdict = verifyStoredPassword('hello', kept).finally(() => {
      isDone = true;
    });
    let turns = 0;
    for await (const _tick of setInterval(1)) {
      if (isDone) break;
      turns++;
    }
    expect(await verdict).toBe(false);
    expect(turns).toBeGreaterThan(5);
  });
});
