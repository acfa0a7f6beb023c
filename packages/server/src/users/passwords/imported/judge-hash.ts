import type { RowError } from '../../imports/row-error.ts';
import * as limits from './cost-limits.ts';
import { digestLength, resolveDigest } from './digests.ts';
import { readDjango } from './django-hashes.ts';
import { decode, isBase64, isEncoded } from './encodings.ts';
import { readIterated } from './iterated-hashes.ts';
import type { CustomHash } from './stored-hash.ts';
import { readArgon2, readBcryptRounds, readLdap, readPbkdf2, readWordPress } from './text-hashes.ts';

const root = 'custom_password_hash';
const valuePath = `${root}.hash.value`;

/**
 * What a schema cannot say of a `custom_password_hash`: texts that are not in their encoding, hashes that no password
 * can have, and those that ask for too much work.
 */
export function judgeCustom(custom: CustomHash): RowError | undefined {
  return judgeEncodings(custom) ?? judges[custom.algorithm]?.(custom);
}

export function judgeBcrypt(text: string, path: string): RowError | undefined {
  const rounds = readBcryptRounds(text);
  if (rounds === undefined) return malformed(path, 'a bcrypt string that begins with $2a$, $2b$ or $2y$');
  if (rounds < 4) return { code: 'MINIMUM', message: `${path} has fewer than 4 rounds.`, path };
  return rounds > limits.mostBcryptRounds ? tooCostly(path, `${limits.mostBcryptRounds} rounds`) : undefined;
}

function judgeEncodings({ hash, salt }: CustomHash): RowError | undefined {
  const parts = [
    [valuePath, hash],
    [`${root}.hash.key.value`, hash.key],
    [`${root}.salt.value`, salt],
  ] as const;
  for (const [path, part] of parts) {
    // An empty salt is no salt.
    if (part && part.value !== '' && !isEncoded(part))
      return { code: 'PATTERN', message: `${path} is not ${part.encoding}.`, path };
  }
  return undefined;
}

type Judge = (custom: CustomHash) => RowError | undefined;

const judgeDigest: Judge = ({ algorithm, hash }) => judgeLength(hash, digestLength(algorithm));

const judges: Readonly<Record<string, Judge>> = {
  md4: judgeDigest,
  md5: judgeDigest,
  sha1: judgeDigest,
  sha256: judgeDigest,
  sha512: judgeDigest,
  hmac: ({ hash }) => judgeLength(hash, digestLength(hash.digest ?? '')),
  argon2: ({ hash }) => judgeArgon2(hash.value),
  bcrypt: ({ hash }) => judgeBcrypt(hash.value, valuePath),
  ldap: ({ hash }) => {
    const ldap = readLdap(hash.value);
    const length = ldap && digestLength(ldap.digest);
    if (
      !ldap ||
      length === undefined ||
      (ldap.isSalted ? ldap.bytes.length <= length : ldap.bytes.length !== length)
    )
      return malformed(valuePath, 'an RFC 2307 string such as {SSHA}… ({CRYPT} is not supported)');
    return undefined;
  },
  pbkdf2: ({ hash }) => {
    const read = readPbkdf2(hash.value);
    if (!read || !isBase64(read.hash) || (read.salt !== '' && !isBase64(read.salt)))
      return malformed(valuePath, 'a PHC string such as $pbkdf2-sha256$i=100000,l=64$…$…');
    return (
      judgePbkdf2(read.digest, read.iterations, read.length) ??
      judgeLength({ value: read.hash, encoding: 'base64' }, read.length)
    );
  },
  scrypt: ({ hash, keylen, cost = 16_384, blockSize = 8, parallelization = 1 }) =>
    judgeScrypt(`${root}.cost`, cost, blockSize, parallelization) ?? judgeLength(hash, keylen),
  'firebase-scrypt': ({
    hash,
    mem_cost: cost = 1,
    rounds = 1,
    signer_key: key = '',
    salt_separator: separator,
  }) => {
    if (!isBase64(key)) return malformed(`${root}.signer_key`, 'base64');
    if (separator && !isBase64(separator)) return malformed(`${root}.salt_separator`, 'base64');
    return (
      judgeScrypt(`${root}.mem_cost`, 2 ** cost, rounds, 1) ??
      judgeLength(hash, Buffer.from(key, 'base64').length)
    );
  },
  phpass: ({ hash }) => judgeIterated(hash.value, 'md5', 'a $P$ or $H$ string of 34 characters'),
  wordpress: ({ hash }) => {
    const bcrypt = readWordPress(hash.value) ?? hash.value;
    return bcrypt.startsWith('$2')
      ? judgeBcrypt(bcrypt, valuePath)
      : judgeIterated(hash.value, 'md5', 'a $wp$2y$, $P$ or $2y$ string of WordPress');
  },
  drupal: ({ hash }) => {
    // Sites that came from Drupal 6 kept its hashes, and hashed its MD5s anew.
    const isOld = /^U?\$[PH]\$/.test(hash.value);
    return judgeIterated(hash.value, isOld ? 'md5' : 'sha512', 'a $S$ or U$S$ string');
  },
  django: ({ hash }) => {
    const django = readDjango(hash.value);
    if (!django) return malformed(valuePath, 'a string of Django such as pbkdf2_sha256$600000$…$…');
    switch (django.kind) {
      case 'argon2':
        return judgeArgon2(django.hash);
      case 'bcrypt':
        return judgeBcrypt(django.hash, valuePath);
      case 'pbkdf2':
        return (
          judgePbkdf2(django.digest, django.iterations, digestLength(django.digest) ?? 0) ??
          judgeLength({ value: django.hash, encoding: 'base64' }, digestLength(django.digest))
        );
      case 'scrypt':
        return judgeScrypt(valuePath, django.cost, django.blockSize, django.lanes);
      case 'digest':
        return judgeLength({ value: django.hash, encoding: 'hex' }, digestLength(django.digest));
    }
  },
};

function judgeArgon2(text: string): RowError | undefined {
  const argon2 = readArgon2(text);
  if (!argon2)
    return malformed(valuePath, 'a PHC string such as $argon2id$v=19$m=…,t=…,p=…$…$… with valid parameters');
  const { memoryCost: memory, timeCost: passes, parallelism: lanes } = argon2;
  if (lanes > limits.mostArgon2Lanes) return tooCostly(valuePath, `p=${limits.mostArgon2Lanes}`);
  return memory > limits.mostArgon2Memory || memory * passes > limits.mostArgon2Work
    ? tooCostly(valuePath, `m=${limits.mostArgon2Memory} and m·t=${limits.mostArgon2Work}`)
    : undefined;
}

function judgePbkdf2(name: string, iterations: number, length: number): RowError | undefined {
  const digest = resolveDigest(name);
  const digestBytes = digest === undefined ? undefined : digestLength(digest);
  if (digest === undefined || digestBytes === undefined)
    return {
      code: 'ENUM_MISMATCH',
      message: `${valuePath} names a digest that is not supported.`,
      path: valuePath,
    };
  if (iterations < 1 || length < 1 || length > 1024)
    return malformed(valuePath, 'a PBKDF2 string with valid parameters');
  const most = limits.mostSlowPbkdf2Work.get(digest) ?? limits.mostPbkdf2Work;
  return iterations * Math.ceil(length / digestBytes) > most
    ? tooCostly(valuePath, `${most} iterations times the blocks of ${digest} that ${length} bytes take`)
    : undefined;
}

function judgeScrypt(
  path: string,
  cost: number,
  blockSize: number,
  parallelization: number,
): RowError | undefined {
  if (!Number.isInteger(Math.log2(cost)) || cost < 2)
    return { code: 'NOT_PASSED', message: `${path} is not a power of 2 from 2 on.`, path };
  if (blockSize < 1 || parallelization < 1)
    return malformed(path, 'a scrypt hash with block size and parallelization from 1 on');
  const most = limits.mostScryptBlocks;
  if (blockSize > most || parallelization > most)
    return tooCostly(path, `block size and parallelization ${most}`);
  const memory = 128 * cost * blockSize;
  if (memory > limits.mostScryptMemory || memory * parallelization > limits.mostScryptWork)
    return tooCostly(
      path,
      `128 · cost · block size = ${limits.mostScryptMemory}, times parallelization ${limits.mostScryptWork}`,
    );
  // RFC 7914 §2: below 2^(128 · block size / 8).
  return cost >= 2 ** (16 * blockSize)
    ? { code: 'NOT_PASSED', message: `${path} is too large for a block size of ${blockSize}.`, path }
    : undefined;
}

function judgeIterated(text: string, digest: 'md5' | 'sha512', expected: string): RowError | undefined {
  const iterated = readIterated(text);
  if (iterated?.digest !== digest) return malformed(valuePath, expected);
  return iterated.cost > limits.mostIteratedCost
    ? tooCostly(valuePath, `2^${limits.mostIteratedCost} iterations`)
    : undefined;
}

/** A hash of another length is nobody's password: better told now than at the sign-in. */
function judgeLength(hash: CustomHash['hash'], expected: number | undefined): RowError | undefined {
  const { length } = decode(hash);
  return length === expected
    ? undefined
    : malformed(valuePath, `${expected} bytes long, but ${length}: check value and encoding`);
}

function malformed(path: string, expected: string): RowError {
  return { code: 'FORMAT', message: `${path} is not ${expected}.`, path };
}

function tooCostly(path: string, limit: string): RowError {
  return {
    code: 'MAXIMUM',
    message: `${path} asks for more work at a sign-in than is allowed: ${limit}.`,
    path,
  };
}
