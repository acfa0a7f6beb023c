import { type ParsedHashOptions, parseOptions } from '@node-rs/argon2';

/** Parameters of a PBKDF2 string (spec users-and-search §9.3). */
export interface Pbkdf2Hash {
  readonly digest: string;
  readonly iterations: number;
  readonly length: number;
  readonly salt: string;
  readonly hash: string;
}

/** Reads `$pbkdf2-sha256$i=100000,l=64$salt$hash`; both parameters have defaults. */
export function readPbkdf2(text: string): Pbkdf2Hash | undefined {
  const match =
    /^\$pbkdf2-([\w-]+)(?:\$((?:[il]=\d{1,9})(?:,[il]=\d{1,9})?))?\$([A-Za-z0-9+/]*)\$([A-Za-z0-9+/]+)$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, digest = '', parameters = '', salt = '', hash = ''] = match;
  const read = (name: string) => new RegExp(`(?:^|,)${name}=(\\d+)`).exec(parameters)?.[1];
  return {
    digest,
    iterations: Number(read('i') ?? 100_000),
    length: Number(read('l') ?? 64),
    salt,
    hash,
  };
}

/** Parameters of an argon2 PHC string. */
export interface Argon2Hash extends ParsedHashOptions {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

export function readArgon2(text: string): Argon2Hash | undefined {
  const match =
    /^\$argon2(?:id|i|d)(?:\$v=(?:16|19))?\$m=\d{1,9},t=\d{1,9},p=\d{1,9}\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, salt = '', hash = ''] = match;
  try {
    return { ...parseOptions(text), salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
  } catch {
    return undefined; // What the library cannot compute, it names by an error: short salts, little memory …
  }
}

/** Rounds of a bcrypt string; `$2$` and `$2x$` come from broken implementations. */
export function readBcryptRounds(text: string): number | undefined {
  const match = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(text);
  return match ? Number(match[1]) : undefined;
}

/** The bcrypt string within `$wp$2y$…` of WordPress 6.8 and later, which is of a digest of the password. */
export function readWordPress(text: string): string | undefined {
  return text.startsWith('$wp$2') ? text.slice(3) : undefined;
}

const bcryptAlphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * The bcrypt string with the bits at zero that stand for nothing: four of the salt's last character and two of the
 * hash's. Some old implementations left them as they came, crypt(3) overlooks them, and our library refuses them.
 */
export function toCanonicalBcrypt(text: string): string {
  const clear = (place: number, bits: number) =>
    bcryptAlphabet[bcryptAlphabet.indexOf(text.charAt(place)) & ~bits] ?? '';
  return `${text.slice(0, 28)}${clear(28, 0b1111)}${text.slice(29, 59)}${clear(59, 0b11)}`;
}

/** Scheme and bytes of an RFC 2307 string. */
export function readLdap(
  text: string,
): { readonly digest: string; readonly isSalted: boolean; readonly bytes: Buffer } | undefined {
  const match = /^\{(S?)(MD5|SHA(?:1|224|256|384|512)?)\}([A-Za-z0-9+/]+={0,2})$/i.exec(text);
  if (!match) return undefined;
  const [, salted = '', scheme = '', content = ''] = match;
  const name = scheme.toLowerCase();
  return {
    digest: name === 'sha' ? 'sha1' : name,
    isSalted: salted !== '',
    bytes: Buffer.from(content, 'base64'),
  };
}
