import {
  createCipheriv,
  createHmac,
  hash as hashOnce,
  type ScryptOptions,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { promisify } from 'node:util';
import { hashRaw } from '@node-rs/argon2';
import { verify as compareBcrypt } from '@node-rs/bcrypt';
import { takeTurn } from '../turns.ts';
import { computeDigest, computeHmac, computePbkdf2, digestLength, resolveDigest } from './digests.ts';
import { readDjango } from './django-hashes.ts';
import { decode, toHashedBytes } from './encodings.ts';
import { computeIterated, readIterated } from './iterated-hashes.ts';
import { readCustomHash } from './parse-imported.ts';
import type { CustomHash } from './stored-hash.ts';
import { readArgon2, readLdap, readPbkdf2, readWordPress, toCanonicalBcrypt } from './text-hashes.ts';

const computeScrypt = promisify<Buffer, Buffer, number, ScryptOptions, Buffer>(scrypt);

/**
 * Whether the password is the one that was hashed. Long computations are off the thread of the caller, or take turns.
 * @param hash as the table `credentials` keeps it: what it is stands in it. One that nothing here could have written is
 * nobody's password
 */
export function verifyStoredPassword(password: string, hash: string): Promise<boolean> {
  return takeTurn(() => verify(password, hash));
}

async function verify(password: string, hash: string): Promise<boolean> {
  if (hash.startsWith('{')) {
    const custom = readCustomHash(hash);
    return custom !== undefined && verifyCustom(password, custom);
  }
  const bytes = Buffer.from(password);
  return hash.startsWith('$2') ? verifyBcrypt(bytes, hash) : verifyArgon2(bytes, hash);
}

/** Of passwords over 72 bytes the first 72 count, as everywhere with bcrypt; a NUL is a character like others. */
function verifyBcrypt(bytes: Buffer, text: string): Promise<boolean> {
  return compareBcrypt(bytes, toCanonicalBcrypt(text));
}

/** By the raw hash: the library verifies only passwords that are UTF-8. */
async function verifyArgon2(bytes: Buffer, text: string): Promise<boolean> {
  const argon2 = readArgon2(text);
  return argon2 !== undefined && equal(await hashRaw(bytes, argon2), argon2.hash);
}

async function verifyCustom(password: string, custom: CustomHash): Promise<boolean> {
  const { algorithm, hash } = custom;
  const bytes = toHashedBytes(password, custom);
  switch (algorithm) {
    case 'argon2':
      return verifyArgon2(bytes, hash.value);
    case 'bcrypt':
      return verifyBcrypt(bytes, hash.value);
    case 'hmac':
      return equal(
        await computeHmac(hash.digest ?? '', decode(hash.key ?? { value: '' }), bytes),
        decode(hash),
      );
    case 'ldap':
      return verifyLdap(bytes, hash.value);
    case 'pbkdf2':
      return verifyPbkdf2(bytes, hash.value);
    case 'scrypt':
      return verifyScrypt(password, custom);
    case 'firebase-scrypt':
      return verifyFirebase(password, custom);
    case 'phpass':
    case 'drupal':
      return verifyIterated(bytes, hash.value);
    case 'wordpress':
      return verifyWordPress(bytes, hash.value);
    case 'django':
      return verifyDjango(bytes, hash.value);
    default:
      return equal(await computeDigest(algorithm, bytes), decode(hash));
  }
}

function equal(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

async function verifyLdap(bytes: Buffer, text: string): Promise<boolean> {
  const ldap = readLdap(text);
  if (!ldap) return false;
  const length = digestLength(ldap.digest) ?? 0;
  const salt = ldap.bytes.subarray(length);
  const digest = await computeDigest(ldap.digest, Buffer.concat([bytes, salt]));
  return equal(digest, ldap.bytes.subarray(0, length));
}

async function verifyPbkdf2(bytes: Buffer, text: string): Promise<boolean> {
  const read = readPbkdf2(text);
  const digest = read && resolveDigest(read.digest);
  if (!read || digest === undefined) return false;
  const salt = Buffer.from(read.salt, 'base64');
  return equal(
    await computePbkdf2(digest, bytes, salt, read.iterations, read.length),
    Buffer.from(read.hash, 'base64'),
  );
}

async function verifyScrypt(password: string, custom: CustomHash): Promise<boolean> {
  const { salt, password: options, keylen = 0, cost = 16_384, blockSize = 8, parallelization = 1 } = custom;
  const bytes = Buffer.from(password, options?.encoding ?? 'utf8');
  const key = await runScrypt(
    bytes,
    salt ? decode(salt) : Buffer.alloc(0),
    keylen,
    cost,
    blockSize,
    parallelization,
  );
  return equal(key, decode(custom.hash));
}

/** Up to 64 KiB more than the algorithm needs: Node's limit is exclusive. */
function runScrypt(
  bytes: Buffer,
  salt: Buffer,
  length: number,
  cost: number,
  blockSize: number,
  parallelization: number,
): Promise<Buffer> {
  const maxmem = 128 * cost * blockSize + 128 * blockSize * (parallelization + 2) + 65_536;
  return computeScrypt(bytes, salt, length, { N: cost, r: blockSize, p: parallelization, maxmem });
}

/** Firebase encrypts the project's key by what scrypt derives from the password (firebase/scrypt). */
async function verifyFirebase(password: string, custom: CustomHash): Promise<boolean> {
  const {
    salt,
    password: options,
    signer_key: signerKey = '',
    salt_separator: separator = '',
    rounds = 8,
    mem_cost: cost = 14,
  } = custom;
  const bytes = Buffer.from(password, options?.encoding ?? 'utf8');
  const whole = Buffer.concat([salt ? decode(salt) : Buffer.alloc(0), Buffer.from(separator, 'base64')]);
  const key = await runScrypt(bytes, whole, 64, 2 ** cost, rounds, 1);
  const cipher = createCipheriv('aes-256-ctr', key.subarray(0, 32), Buffer.alloc(16));
  const signed = Buffer.concat([cipher.update(Buffer.from(signerKey, 'base64')), cipher.final()]);
  return equal(signed, decode(custom.hash));
}

async function verifyIterated(bytes: Buffer, kept: string): Promise<boolean> {
  const iterated = readIterated(kept);
  const text = iterated && (await computeIterated(bytes, iterated));
  return text !== undefined && equal(Buffer.from(text), Buffer.from(iterated?.text ?? ''));
}

/** Since 6.8 bcrypt of an HMAC, so that more than 72 bytes count; before that phpass (wp_check_password). */
function verifyWordPress(bytes: Buffer, text: string): Promise<boolean> {
  const bcrypt = readWordPress(text);
  if (bcrypt !== undefined) {
    const digest = createHmac('sha384', 'wp-sha384').update(trim(bytes)).digest('base64');
    return verifyBcrypt(Buffer.from(digest), bcrypt);
  }
  return text.startsWith('$2') ? verifyBcrypt(bytes, text) : verifyIterated(bytes, text);
}

/** Without the bytes at both ends that PHP's `trim` takes away. */
function trim(bytes: Buffer): Buffer {
  const taken = [0x20, 0x09, 0x0a, 0x0d, 0x00, 0x0b];
  const start = bytes.findIndex((byte) => !taken.includes(byte));
  return start < 0
    ? Buffer.alloc(0)
    : bytes.subarray(start, bytes.findLastIndex((byte) => !taken.includes(byte)) + 1);
}

async function verifyDjango(bytes: Buffer, text: string): Promise<boolean> {
  const django = readDjango(text);
  switch (django?.kind) {
    case 'argon2':
      return verifyArgon2(bytes, django.hash);
    case 'bcrypt':
      return verifyBcrypt(django.isDigested ? Buffer.from(hashOnce('sha256', bytes)) : bytes, django.hash);
    case 'pbkdf2': {
      const expected = Buffer.from(django.hash, 'base64');
      const salt = Buffer.from(django.salt);
      return equal(
        await computePbkdf2(django.digest, bytes, salt, django.iterations, expected.length),
        expected,
      );
    }
    case 'scrypt': {
      const expected = Buffer.from(django.hash, 'base64');
      const { salt, cost, blockSize, lanes } = django;
      return equal(
        await runScrypt(bytes, Buffer.from(salt), expected.length, cost, blockSize, lanes),
        expected,
      );
    }
    case 'digest': {
      const digest = await computeDigest(django.digest, Buffer.concat([Buffer.from(django.salt), bytes]));
      return equal(digest, Buffer.from(django.hash, 'hex'));
    }
    default:
      return false;
  }
}
