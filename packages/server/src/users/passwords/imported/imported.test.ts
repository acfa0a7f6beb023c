import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseImportedHash, toImportable, verifyStoredPassword } from './index.ts';

interface Vector {
  readonly name: string;
  readonly password: string;
  readonly password_hash?: string;
  readonly custom_password_hash?: unknown;
}

/** Made by test/fixtures/make-password-vectors.py with implementations that are not ours. */
const vectors: readonly Vector[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../test/fixtures/password-vectors.json'), 'utf8'),
);

function parse(imported: Omit<Vector, 'name' | 'password'>) {
  const parsed = parseImportedHash(imported);
  if (!parsed.isValid) throw new Error(JSON.stringify(parsed.problems));
  return parsed.stored;
}

function refusal(imported: Omit<Vector, 'name' | 'password'>) {
  const parsed = parseImportedHash(imported);
  return parsed.isValid ? 'accepted' : parsed.problems.map(({ code, path }) => `${code} ${path}`).join(', ');
}

describe('imported hashes', () => {
  for (const [index, { name, password, ...imported }] of vectors.entries()) {
    it(`accepts the password and no other: ${name} (${index})`, async () => {
      const stored = parse(imported);
      expect(await verifyStoredPassword(password, stored.hash)).toBe(true);
      expect(await verifyStoredPassword(`${password.slice(0, 60)}!`, stored.hash)).toBe(false);
      expect(await verifyStoredPassword('', stored.hash)).toBe(false);
    });
  }

  it('covers every algorithm', () => {
    const algorithms = new Set(vectors.map((vector) => parse(vector).algorithm));
    expect([...algorithms].sort()).toEqual(
      [
        'argon2',
        'bcrypt',
        'django',
        'drupal',
        'firebase-scrypt',
        'hmac',
        'ldap',
        'md4',
        'md5',
        'pbkdf2',
        'phpass',
        'scrypt',
        'sha1',
        'sha256',
        'sha512',
      ].sort(),
    );
  });

  it('gives back what was imported, so that an export can be imported again', () => {
    for (const vector of vectors) {
      const stored = parse(vector);
      expect(parse(toImportable(stored))).toEqual(stored);
      const isBcrypt = stored.algorithm === 'bcrypt' && !stored.hash.startsWith('{');
      const { name: _name, password: _password, ...imported } = vector;
      if (!isBcrypt && stored.algorithm !== 'argon2') expect(toImportable(stored)).toEqual(imported);
    }
  });

  it('does not take a password for its prefix: NUL bytes and the 72 bytes of bcrypt', async () => {
    const sha256 = parse({
      custom_password_hash: {
        algorithm: 'sha256',
        hash: { value: '2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824', encoding: 'hex' },
      },
    });
    expect(await verifyStoredPassword('hello', sha256.hash)).toBe(true);
    expect(await verifyStoredPassword('hello\0', sha256.hash)).toBe(false);
    const bcrypt = vectors.find(
      ({ name, password }) => name === 'password_hash $2b$' && password.length === 72,
    );
    const { hash } = parse(bcrypt ?? {});
    expect(await verifyStoredPassword('y'.repeat(72), hash)).toBe(true);
    expect(await verifyStoredPassword('y'.repeat(71), hash)).toBe(false);
  });
});

const sha = { algorithm: 'sha256', hash: { value: 'ab'.repeat(32), encoding: 'hex' } };
const salted = '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K';
const value = 'custom_password_hash.hash.value';

describe('hashes that are refused', () => {
  const cases: readonly [string, Omit<Vector, 'name' | 'password'>, string][] = [
    ['no bcrypt', { password_hash: 'abc' }, 'FORMAT password_hash'],
    ['$2$', { password_hash: salted.replace('2b', '2') }, 'FORMAT password_hash'],
    ['$2x$', { password_hash: salted.replace('2b', '2x') }, 'FORMAT password_hash'],
    ['31 rounds', { password_hash: salted.replace('$10$', '$31$') }, 'MAXIMUM password_hash'],
    ['3 rounds', { password_hash: salted.replace('$10$', '$03$') }, 'MINIMUM password_hash'],
    ['no object', { custom_password_hash: 7 }, 'INVALID_TYPE custom_password_hash'],
    [
      'no algorithm',
      { custom_password_hash: {} },
      'OBJECT_MISSING_REQUIRED_PROPERTY custom_password_hash.algorithm',
    ],
    [
      'a number as algorithm',
      { custom_password_hash: { algorithm: 1 } },
      'INVALID_TYPE custom_password_hash.algorithm',
    ],
    [
      'an unknown algorithm',
      { custom_password_hash: { ...sha, algorithm: 'md6' } },
      'ENUM_MISMATCH custom_password_hash.algorithm',
    ],
    [
      'an inherited name',
      { custom_password_hash: { ...sha, algorithm: 'constructor' } },
      'ENUM_MISMATCH custom_password_hash.algorithm',
    ],
    [
      'an extra key',
      { custom_password_hash: { ...sha, pepper: 'x' } },
      'OBJECT_ADDITIONAL_PROPERTIES custom_password_hash.pepper',
    ],
    [
      'no hash',
      { custom_password_hash: { algorithm: 'md5' } },
      'OBJECT_MISSING_REQUIRED_PROPERTY custom_password_hash.hash',
    ],
    [
      'no encoding',
      { custom_password_hash: { algorithm: 'md5', hash: { value: 'ab' } } },
      'OBJECT_MISSING_REQUIRED_PROPERTY custom_password_hash.hash.encoding',
    ],
    [
      'an unknown encoding',
      { custom_password_hash: { ...sha, hash: { ...sha.hash, encoding: 'utf8' } } },
      'ENUM_MISMATCH custom_password_hash.hash.encoding',
    ],
    [
      'bad hex',
      { custom_password_hash: { ...sha, hash: { value: 'xyz', encoding: 'hex' } } },
      `PATTERN ${value}`,
    ],
    [
      'bad base64',
      { custom_password_hash: { ...sha, hash: { value: 'a b', encoding: 'base64' } } },
      `PATTERN ${value}`,
    ],
    [
      'a bad salt',
      { custom_password_hash: { ...sha, salt: { value: 'xyz', encoding: 'hex' } } },
      'PATTERN custom_password_hash.salt.value',
    ],
    [
      'a salt in the middle',
      { custom_password_hash: { ...sha, salt: { value: 'x', position: 'middle' } } },
      'ENUM_MISMATCH custom_password_hash.salt.position',
    ],
    [
      'an unknown transcoding',
      { custom_password_hash: { ...sha, password: { encoding: 'utf32' } } },
      'ENUM_MISMATCH custom_password_hash.password.encoding',
    ],
    [
      'an argon2 salt',
      { custom_password_hash: { algorithm: 'argon2', hash: { value: 'x' }, salt: { value: 'x' } } },
      'OBJECT_ADDITIONAL_PROPERTIES custom_password_hash.salt',
    ],
    [
      'no argon2 string',
      { custom_password_hash: { algorithm: 'argon2', hash: { value: '$argon2id$' } } },
      `FORMAT ${value}`,
    ],
    [
      '4 GiB of argon2',
      {
        custom_password_hash: {
          algorithm: 'argon2',
          hash: { value: '$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g' },
        },
      },
      `MAXIMUM ${value}`,
    ],
    [
      '10,000 passes of argon2',
      {
        custom_password_hash: {
          algorithm: 'argon2',
          hash: { value: '$argon2id$v=19$m=1024,t=10000,p=1$c2FsdHNhbHQ$aGFzaGhhc2g' },
        },
      },
      `MAXIMUM ${value}`,
    ],
    [
      '{CRYPT}',
      { custom_password_hash: { algorithm: 'ldap', hash: { value: '{CRYPT}abcdefgh' } } },
      `FORMAT ${value}`,
    ],
    [
      'a short {SHA}',
      { custom_password_hash: { algorithm: 'ldap', hash: { value: '{SHA}YWJj' } } },
      `FORMAT ${value}`,
    ],
    [
      'no HMAC key',
      { custom_password_hash: { algorithm: 'hmac', hash: { value: 'ab', encoding: 'hex', digest: 'md5' } } },
      'OBJECT_MISSING_REQUIRED_PROPERTY custom_password_hash.hash.key',
    ],
    [
      'an unknown HMAC digest',
      {
        custom_password_hash: {
          algorithm: 'hmac',
          hash: { value: 'ab', encoding: 'hex', digest: 'sha3', key: { value: 'k' } },
        },
      },
      'ENUM_MISMATCH custom_password_hash.hash.digest',
    ],
    [
      'mdc2, which nothing computes any more',
      {
        custom_password_hash: { algorithm: 'pbkdf2', hash: { value: '$pbkdf2-mdc2$i=1,l=16$c2FsdA$aGFzaA' } },
      },
      `ENUM_MISMATCH ${value}`,
    ],
    [
      'a billion iterations',
      {
        custom_password_hash: {
          algorithm: 'pbkdf2',
          hash: { value: '$pbkdf2-sha1$i=999999999,l=64$c2FsdA$aGFzaA' },
        },
      },
      `MAXIMUM ${value}`,
    ],
    [
      'a cost that is no power of 2',
      {
        custom_password_hash: {
          algorithm: 'scrypt',
          hash: { value: 'ab', encoding: 'hex' },
          keylen: 1,
          cost: 1000,
        },
      },
      'NOT_PASSED custom_password_hash.cost',
    ],
    [
      'no keylen',
      { custom_password_hash: { algorithm: 'scrypt', hash: { value: 'ab', encoding: 'hex' } } },
      'OBJECT_MISSING_REQUIRED_PROPERTY custom_password_hash.keylen',
    ],
    [
      'a keylen of 0',
      { custom_password_hash: { algorithm: 'scrypt', hash: { value: 'ab', encoding: 'hex' }, keylen: 0 } },
      'MINIMUM custom_password_hash.keylen',
    ],
    [
      '1 GiB of scrypt',
      {
        custom_password_hash: {
          algorithm: 'scrypt',
          hash: { value: 'ab', encoding: 'hex' },
          keylen: 1,
          cost: 1_048_576,
        },
      },
      'MAXIMUM custom_password_hash.cost',
    ],
    [
      '2^30 rounds of phpass',
      { custom_password_hash: { algorithm: 'phpass', hash: { value: `$P$Sabcdefgh${'a'.repeat(22)}` } } },
      `MAXIMUM ${value}`,
    ],
    [
      'no string of Django',
      { custom_password_hash: { algorithm: 'django', hash: { value: 'md6$x$y' } } },
      `FORMAT ${value}`,
    ],
  ];
  it.each(cases)('%s', (_name, imported, expected) => {
    expect(refusal(imported)).toBe(expected);
  });

  it('never shows the hash in the message', () => {
    for (const [, imported] of cases) {
      const parsed = parseImportedHash(imported);
      if (parsed.isValid) throw new Error('accepted');
      for (const { message } of parsed.problems) expect(message).not.toContain('c2FsdA');
    }
  });
});
