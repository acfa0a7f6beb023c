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

describe('imported hashes', () => {
  for (const [index, { name, password, ...imported }] of vectors.entries()) {
    it(`accepts the password and no other: ${name} (${index})`, async () => {
      const stored = parse(imported);
      expect(await verifyStoredPassword(password, stored.hash)).toBe(true);
      expect(await verifyStoredPassword(`!${password}`, stored.hash)).toBe(false);
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
        'wordpress',
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
