import { customPasswordHashes, formats } from '@muster/contract';
import { Ajv, type ValidateFunction } from 'ajv';
import type { RowError } from '../../imports/row-error.ts';
import { describeSchemaErrors } from '../../imports/schema-errors.ts';
import { currentAlgorithm, isCurrentHash } from '../hash.ts';
import * as limits from './cost-limits.ts';
import { isSlowDigest, resolveDigest } from './digests.ts';
import { readDjango } from './django-hashes.ts';
import { isBase64, isEncoded } from './encodings.ts';
import { readIterated } from './iterated-hashes.ts';
import type { CustomHash, StoredHash } from './stored-hash.ts';
import { digestLengths, readArgon2, readBcryptRounds, readLdap, readPbkdf2 } from './text-hashes.ts';

export type ParsedHash =
  | { readonly isValid: true; readonly stored: StoredHash }
  | { readonly isValid: false; readonly problems: readonly RowError[] };

const root = 'custom_password_hash';
const valuePath = `${root}.hash.value`;
const validators = new Map<string, ValidateFunction<CustomHash>>();
const ajv = new Ajv({ allErrors: true, strict: false, formats });

/** Reads `password_hash` or `custom_password_hash` of an import file and makes the hash that is kept of it. */
export function parseImportedHash(imported: {
  readonly password_hash?: string;
  readonly custom_password_hash?: unknown;
}): ParsedHash {
  if (imported.password_hash !== undefined) {
    const problem = judgeBcrypt(imported.password_hash, 'password_hash');
    return problem ? refuse(problem) : accept('bcrypt', imported.password_hash);
  }
  return parseCustom(imported.custom_password_hash);
}

function parseCustom(value: unknown): ParsedHash {
  const algorithm: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'algorithm') : undefined;
  const schema =
    typeof algorithm === 'string' && Object.hasOwn(customPasswordHashes, algorithm)
      ? customPasswordHashes[algorithm]
      : undefined;
  if (typeof algorithm !== 'string' || !schema) return refuse(describeAlgorithm(algorithm));
  let validate = validators.get(algorithm);
  if (!validate) {
    validate = ajv.compile<CustomHash>(schema);
    validators.set(algorithm, validate);
  }
  if (!validate(value))
    return { isValid: false, problems: describeSchemaErrors(validate.errors ?? [], root) };
  const problem = judgeEncodings(value) ?? judges[algorithm]?.(value);
  return problem ? refuse(problem) : store(value);
}

function describeAlgorithm(algorithm: unknown): RowError {
  const path = `${root}.algorithm`;
  if (algorithm === undefined)
    return { code: 'OBJECT_MISSING_REQUIRED_PROPERTY', message: `${path} is missing.`, path };
  if (typeof algorithm !== 'string')
    return { code: 'INVALID_TYPE', message: `${path} must be of type string.`, path };
  const known = Object.keys(customPasswordHashes).join(', ');
  return { code: 'ENUM_MISMATCH', message: `${path} must be one of ${known}.`, path };
}

/** Strings that say everything by themselves are kept as they are; the rest as the import had it. */
function store(custom: CustomHash): ParsedHash {
  const { algorithm, hash } = custom;
  const isPlain = custom.salt === undefined && (custom.password?.encoding ?? 'utf8') === 'utf8';
  if (isPlain && algorithm === 'bcrypt') return accept('bcrypt', hash.value);
  if (isPlain && algorithm === 'argon2')
    return accept(isCurrentHash(hash.value) ? currentAlgorithm : 'argon2', hash.value);
  return accept(algorithm, JSON.stringify(custom));
}

function accept(algorithm: string, hash: string): ParsedHash {
  return { isValid: true, stored: { algorithm, hash } };
}

function refuse(problem: RowError): ParsedHash {
  return { isValid: false, problems: [problem] };
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

/** What a schema cannot say of each algorithm. */
const judges: Readonly<Record<string, (custom: CustomHash) => RowError | undefined>> = {
  argon2: ({ hash, password }) =>
    judgeArgon2(
      hash.value,
      valuePath,
      (password?.encoding ?? 'utf8') === 'utf8' ? limits.mostArgon2Work : limits.mostSlowArgon2Work,
    ),
  bcrypt: ({ hash }) => judgeBcrypt(hash.value, valuePath),
  ldap: ({ hash }) => {
    const ldap = readLdap(hash.value);
    const length = ldap && digestLengths[ldap.digest];
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
    if (!read) return malformed(valuePath, 'a PHC string such as $pbkdf2-sha256$i=100000,l=64$…$…');
    return judgePbkdf2(read.digest, read.iterations, read.length);
  },
  scrypt: ({ cost = 16_384, blockSize = 8, parallelization = 1 }) =>
    judgeScrypt(cost, blockSize, parallelization),
  'firebase-scrypt': ({
    mem_cost: cost = 1,
    rounds = 1,
    signer_key: key = '',
    salt_separator: separator = '',
  }) => {
    if (!isBase64(key)) return malformed(`${root}.signer_key`, 'base64');
    if (separator !== '' && !isBase64(separator)) return malformed(`${root}.salt_separator`, 'base64');
    return judgeScrypt(2 ** cost, rounds, 1);
  },
  phpass: ({ hash }) => judgeIterated(hash.value, 'md5', 'a $P$ or $H$ string of 34 characters'),
  drupal: ({ hash }) => {
    // Sites that came from Drupal 6 kept its hashes, and hashed its MD5s anew.
    const isOld = /^U?\$[PH]\$/.test(hash.value);
    return judgeIterated(hash.value, isOld ? 'md5' : 'sha512', 'a $S$ or U$S$ string');
  },
  django: ({ hash }) => {
    const django = readDjango(hash.value);
    switch (django?.kind) {
      case undefined:
        return malformed(valuePath, 'a string of Django such as pbkdf2_sha256$600000$…$…');
      case 'argon2':
        return judgeArgon2(django.hash, valuePath);
      case 'bcrypt':
        return judgeBcrypt(django.hash, valuePath);
      case 'pbkdf2':
        return judgePbkdf2(django.digest, django.iterations, Buffer.from(django.hash, 'base64').length);
      case 'scrypt':
        return judgeScrypt(django.cost, django.blockSize, django.lanes);
      default:
        return undefined;
    }
  },
};

function judgeBcrypt(text: string, path: string): RowError | undefined {
  const rounds = readBcryptRounds(text);
  if (rounds === undefined) return malformed(path, 'a bcrypt string that begins with $2a$, $2b$ or $2y$');
  if (rounds < 4) return { code: 'MINIMUM', message: `${path} has fewer than 4 rounds.`, path };
  return rounds > limits.mostBcryptRounds ? tooCostly(path, `${limits.mostBcryptRounds} rounds`) : undefined;
}

function judgeArgon2(text: string, path: string, mostWork = limits.mostArgon2Work): RowError | undefined {
  const argon2 = readArgon2(text);
  if (!argon2) return malformed(path, 'a PHC string such as $argon2id$v=19$m=…,t=…,p=…$…$…');
  const { memory, time, lanes } = argon2;
  if (time < 1 || lanes < 1 || memory < 8 * lanes)
    return malformed(path, 'an argon2 string with valid parameters');
  return memory > limits.mostArgon2Memory || memory * time > mostWork || lanes > 64
    ? tooCostly(path, `m=${limits.mostArgon2Memory} and m·t=${mostWork}`)
    : undefined;
}

function judgePbkdf2(name: string, iterations: number, length: number): RowError | undefined {
  const digest = resolveDigest(name);
  if (digest === undefined)
    return {
      code: 'ENUM_MISMATCH',
      message: `${valuePath} names the digest ${name}, which is not supported.`,
      path: valuePath,
    };
  if (iterations < 1 || length < 1 || length > 1024)
    return malformed(valuePath, 'a PBKDF2 string with valid parameters');
  const blocks = Math.ceil(length / (digestLengths[digest] ?? 16));
  const most = isSlowDigest(digest) ? limits.mostSlowPbkdf2Work : limits.mostPbkdf2Work;
  return iterations * blocks > most
    ? tooCostly(valuePath, `${most} iterations times the blocks of ${digest} that ${length} bytes take`)
    : undefined;
}

function judgeScrypt(cost: number, blockSize: number, parallelization: number): RowError | undefined {
  const path = `${root}.cost`;
  if (!Number.isInteger(Math.log2(cost)) || cost < 2)
    return { code: 'NOT_PASSED', message: `${path} is not a power of 2.`, path };
  const memory = 128 * cost * blockSize;
  return memory > limits.mostScryptMemory || memory * parallelization > limits.mostScryptWork
    ? tooCostly(
        path,
        `128 · cost · blockSize = ${limits.mostScryptMemory}, times parallelization ${limits.mostScryptWork}`,
      )
    : undefined;
}

function judgeIterated(text: string, digest: 'md5' | 'sha512', expected: string): RowError | undefined {
  const iterated = readIterated(text);
  if (iterated?.digest !== digest) return malformed(valuePath, expected);
  return iterated.cost > limits.mostIteratedCost
    ? tooCostly(valuePath, `2^${limits.mostIteratedCost} iterations`)
    : undefined;
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
