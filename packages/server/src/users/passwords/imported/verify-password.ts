import { isUtf8 } from 'node:buffer';
import { createCipheriv, hash as hashOnce, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { verify as verifyArgon2 } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';
import { argon2Verify as verifyArgon2Bytes } from 'hash-wasm';
import { computeDigest, computeHmac, computePbkdf2, resolveDigest } from './digests.ts';
import { readDjango } from './django-hashes.ts';
import { decode, toHashedBytes } from './encodings.ts';
import { computeIterated, readIterated } from './iterated-hashes.ts';
import type { CustomHash } from './stored-hash.ts';
import { digestLengths, readLdap, readPbkdf2 } from './text-hashes.ts';

const computeScrypt = promisify<Buffer, Buffer, number, ScryptOptions, Buffer>(scrypt);

/**
 * Whether the password is the one that was hashed. Long computations are off the thread of the caller, or take turns.
 * @param hash as the table `credentials` keeps it: what it is stands in it
 */
export async function verifyStoredPassword(password: string, hash: string): Promise<boolean> {
  if (hash.startsWith('{')) return verifyCustom(password, readCustom(hash));
  return hash.startsWith('$2') ? verifyBcrypt(password, hash) : verifyArgon2(hash, password);
}

/** Only `parseImportedHash` writes these, from what it has checked. */
function readCustom(hash: string): CustomHash {
  const custom: CustomHash = JSON.parse(hash);
  return custom;
}

async function verifyCustom(password: string, custom: CustomHash): Promise<boolean> {
  const { algorithm, hash } = custom;
  const bytes = toHashedBytes(password, custom);
  switch (algorithm) {
    case 'argon2':
      // The native one takes text alone.
      return isUtf8(bytes)
        ? verifyArgon2(hash.value, bytes)
        : verifyArgon2Bytes({ password: bytes, hash: hash.value });
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
  const length = digestLengths[ldap.digest] ?? 0;
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

/** 64 bytes more than the algorithm needs: Node's limit is exclusive. */
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

async function verifyIterated(bytes: Buffer, text: string): Promise<boolean> {
  const iterated = readIterated(text);
  return (
    iterated !== undefined &&
    equal(Buffer.from(await computeIterated(bytes, iterated)), Buffer.from(iterated.text))
  );
}

async function verifyDjango(bytes: Buffer, text: string): Promise<boolean> {
  const django = readDjango(text);
  switch (django?.kind) {
    case 'argon2':
      return verifyArgon2(django.hash, bytes);
    case 'bcrypt':
      return verifyBcrypt(django.isDigested ? hashOnce('sha256', bytes) : bytes, django.hash);
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
