import { describe, expect, it } from 'vitest';
import { parseImportedHash } from './index.ts';

type Imported = Parameters<typeof parseImportedHash>[0];
/** Name of the case, what is imported, code and path of the refusal. */
type Case = readonly [string, Imported, string];

function refusal(imported: Imported) {
  const parsed = parseImportedHash(imported);
  return parsed.isValid ? 'accepted' : parsed.problems.map(({ code, path }) => `${code} ${path}`).join(', ');
}

const sha = { algorithm: 'sha256', hash: { value: 'ab'.repeat(32), encoding: 'hex' } };
const salted = '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K';
const value = 'custom_password_hash.hash.value';
const firebase = {
  algorithm: 'firebase-scrypt',
  hash: { value: 'YWFhYQ', encoding: 'base64' },
  salt: { value: 'salt' },
  signer_key: 'YWFhYQ',
  salt_separator: 'Bw==',
  rounds: 8,
  mem_cost: 14,
};

describe('hashes that are refused', () => {
  const cases: readonly Case[] = [
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
    ...(
      [
        ['argon2 with a salt of four bytes', '$argon2id$v=19$m=64,t=1,p=1$c2FsdA$YWFhYWFhYWFhYQ'],
        ['argon2 with too little memory', '$argon2id$v=19$m=4,t=1,p=1$c2FsdHNhbHQ$YWFhYWFhYWFhYQ'],
        ['argon2 without passes', '$argon2id$v=19$m=64,t=0,p=1$c2FsdHNhbHQ$YWFhYWFhYWFhYQ'],
        ['argon2 that is cut off', '$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$YWFhYWFhYWFhY'],
        ['a fourth argon2', '$argon2x$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$YWFhYWFhYWFhYQ'],
      ] as const
    ).map(
      ([name, text]): Case => [
        name,
        { custom_password_hash: { algorithm: 'argon2', hash: { value: text } } },
        `FORMAT ${value}`,
      ],
    ),
    [
      'more lanes of argon2 than anyone has cores',
      {
        custom_password_hash: {
          algorithm: 'argon2',
          hash: { value: '$argon2id$v=19$m=2048,t=1,p=255$c2FsdHNhbHQ$YWFhYWFhYWFhYQ' },
        },
      },
      `MAXIMUM ${value}`,
    ],
    [
      'a digest of another length',
      { custom_password_hash: { ...sha, algorithm: 'sha512' } },
      `FORMAT ${value}`,
    ],
    [
      'hex that is said to be base64',
      { custom_password_hash: { ...sha, hash: { ...sha.hash, encoding: 'base64' } } },
      `FORMAT ${value}`,
    ],
    [
      'an HMAC of another length',
      {
        custom_password_hash: {
          algorithm: 'hmac',
          hash: { value: 'ab', encoding: 'hex', digest: 'md5', key: { value: 'k' } },
        },
      },
      `FORMAT ${value}`,
    ],
    [
      'an HMAC key that is no hex',
      {
        custom_password_hash: {
          algorithm: 'hmac',
          hash: { ...sha.hash, digest: 'sha256', key: { value: 'abc', encoding: 'hex' } },
        },
      },
      'PATTERN custom_password_hash.hash.key.value',
    ],
    [
      'PBKDF2 of another length than it says',
      {
        custom_password_hash: { algorithm: 'pbkdf2', hash: { value: '$pbkdf2-sha1$i=1,l=64$c2FsdA$aGFzaA' } },
      },
      `FORMAT ${value}`,
    ],
    [
      'more whirlpool than turns are for',
      {
        custom_password_hash: {
          algorithm: 'pbkdf2',
          hash: { value: `$pbkdf2-whirlpool$i=200000,l=64$c2FsdA$${'a'.repeat(86)}` },
        },
      },
      `MAXIMUM ${value}`,
    ],
    [
      'scrypt of another length than keylen',
      { custom_password_hash: { algorithm: 'scrypt', hash: { value: 'ab', encoding: 'hex' }, keylen: 2 } },
      `FORMAT ${value}`,
    ],
    [
      'a cost of scrypt that its block size does not allow',
      {
        custom_password_hash: {
          algorithm: 'scrypt',
          hash: { value: 'ab', encoding: 'hex' },
          keylen: 1,
          cost: 65_536,
          blockSize: 1,
        },
      },
      'NOT_PASSED custom_password_hash.cost',
    ],
    [
      'a gigantic block size of scrypt',
      {
        custom_password_hash: {
          algorithm: 'scrypt',
          hash: { value: 'ab', encoding: 'hex' },
          keylen: 1,
          cost: 2,
          blockSize: 1_000_000,
        },
      },
      'MAXIMUM custom_password_hash.cost',
    ],
    [
      '4 TiB of Firebase',
      { custom_password_hash: { ...firebase, mem_cost: 32 } },
      'MAXIMUM custom_password_hash.mem_cost',
    ],
    [
      'no rounds of Firebase',
      { custom_password_hash: { ...firebase, rounds: 0 } },
      'MINIMUM custom_password_hash.rounds',
    ],
    [
      'a signer key that is no base64',
      { custom_password_hash: { ...firebase, signer_key: 'a b' } },
      'FORMAT custom_password_hash.signer_key',
    ],
    [
      'a salt separator that is no base64',
      { custom_password_hash: { ...firebase, salt_separator: 'a b' } },
      'FORMAT custom_password_hash.salt_separator',
    ],
    [
      'no signer key',
      { custom_password_hash: { ...firebase, signer_key: undefined } },
      'OBJECT_MISSING_REQUIRED_PROPERTY custom_password_hash.signer_key',
    ],
    [
      'a hash of Firebase that is cut off',
      { custom_password_hash: { ...firebase, hash: { value: 'YWFh', encoding: 'base64' } } },
      `FORMAT ${value}`,
    ],
    [
      'a phpass string that is cut off',
      { custom_password_hash: { algorithm: 'phpass', hash: { value: `$P$Babcdefgh${'a'.repeat(21)}` } } },
      `FORMAT ${value}`,
    ],
    [
      'a string of WordPress that is cut off',
      { custom_password_hash: { algorithm: 'wordpress', hash: { value: `$wp$2y$10$${'a'.repeat(52)}` } } },
      `FORMAT ${value}`,
    ],
    [
      '2^31 rounds of WordPress',
      { custom_password_hash: { algorithm: 'wordpress', hash: { value: `$wp$2y$31$${'a'.repeat(53)}` } } },
      `MAXIMUM ${value}`,
    ],
    [
      'a Drupal string as phpass',
      { custom_password_hash: { algorithm: 'phpass', hash: { value: `$S$Dabcdefgh${'a'.repeat(43)}` } } },
      `FORMAT ${value}`,
    ],
    [
      '2^19 rounds of Drupal',
      { custom_password_hash: { algorithm: 'drupal', hash: { value: `$S$Habcdefgh${'a'.repeat(43)}` } } },
      `MAXIMUM ${value}`,
    ],
    ...(
      [
        ['FORMAT', 'PBKDF2 of Django, cut off', 'pbkdf2_sha256$1000$salt$YWFh'],
        ['FORMAT', 'PBKDF2 of Django without iterations', `pbkdf2_sha256$0$salt$${'a'.repeat(43)}=`],
        ['MAXIMUM', 'ten million iterations of Django', `pbkdf2_sha256$10000000$salt$${'a'.repeat(43)}=`],
        ['MAXIMUM', 'bcrypt of Django with 31 rounds', `bcrypt_sha256$${salted.replace('$10$', '$31$')}`],
        ['MAXIMUM', '4 GiB of Django', 'argon2$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g'],
        ['NOT_PASSED', 'an odd cost of scrypt in Django', 'scrypt$1000$salt$8$1$YWFh'],
        ['FORMAT', 'scrypt of Django without lanes', 'scrypt$1024$salt$8$0$YWFh'],
        ['FORMAT', 'SHA-1 of Django, cut off', 'sha1$salt$abcd'],
      ] as const
    ).map(
      ([code, name, text]): Case => [
        name,
        { custom_password_hash: { algorithm: 'django', hash: { value: text } } },
        `${code} ${value}`,
      ],
    ),
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
