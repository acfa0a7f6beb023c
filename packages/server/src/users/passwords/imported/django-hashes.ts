import { readArgon2, readBcryptRounds } from './text-hashes.ts';

/** What a Django password string says (django.contrib.auth.hashers). */
export type DjangoHash =
  | {
      readonly kind: 'pbkdf2';
      readonly digest: 'sha256' | 'sha1';
      readonly iterations: number;
      readonly salt: string;
      readonly hash: string;
    }
  | { readonly kind: 'argon2'; readonly hash: string }
  /** With `isDigested`, bcrypt of the password's SHA-256 in hex. */
  | { readonly kind: 'bcrypt'; readonly isDigested: boolean; readonly hash: string }
  | {
      readonly kind: 'scrypt';
      readonly cost: number;
      readonly salt: string;
      readonly blockSize: number;
      readonly lanes: number;
      readonly hash: string;
    }
  | {
      readonly kind: 'digest';
      readonly digest: 'sha1' | 'md5';
      readonly salt: string;
      readonly hash: string;
    };

export function readDjango(text: string): DjangoHash | undefined {
  const [algorithm = '', ...rest] = text.split('$');
  switch (algorithm) {
    case 'pbkdf2_sha256':
    case 'pbkdf2_sha1': {
      const [iterations = '', salt, hash] = rest;
      if (!/^\d{1,9}$/.test(iterations) || !salt || !isDigest(hash) || rest.length !== 3) return undefined;
      const digest = algorithm === 'pbkdf2_sha1' ? 'sha1' : 'sha256';
      return { kind: 'pbkdf2', digest, iterations: Number(iterations), salt, hash };
    }
    case 'argon2': {
      const hash = `$${rest.join('$')}`;
      return readArgon2(hash) ? { kind: 'argon2', hash } : undefined;
    }
    case 'bcrypt':
    case 'bcrypt_sha256': {
      const hash = rest.join('$');
      if (readBcryptRounds(hash) === undefined) return undefined;
      return { kind: 'bcrypt', isDigested: algorithm === 'bcrypt_sha256', hash };
    }
    case 'scrypt': {
      const [cost = '', salt, blockSize = '', lanes = '', hash] = rest;
      if (![cost, blockSize, lanes].every((part) => /^\d{1,9}$/.test(part)) || !salt || !isDigest(hash))
        return undefined;
      return {
        kind: 'scrypt',
        cost: Number(cost),
        salt,
        blockSize: Number(blockSize),
        lanes: Number(lanes),
        hash,
      };
    }
    case 'sha1':
    case 'md5': {
      const [salt = '', hash = ''] = rest;
      if (!/^[0-9a-f]+$/.test(hash) || rest.length !== 2) return undefined;
      return { kind: 'digest', digest: algorithm, salt, hash };
    }
    default:
      return undefined;
  }
}

function isDigest(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9+/]+=*$/.test(text);
}
