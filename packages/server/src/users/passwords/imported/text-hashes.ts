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
export function readArgon2(
  text: string,
): { readonly memory: number; readonly time: number; readonly lanes: number } | undefined {
  const match =
    /^\$argon2(?:id|i|d)(?:\$v=(?:16|19))?\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/.exec(
      text,
    );
  return match ? { memory: Number(match[1]), time: Number(match[2]), lanes: Number(match[3]) } : undefined;
}

/** Rounds of a bcrypt string; `$2$` and `$2x$` come from broken implementations. */
export function readBcryptRounds(text: string): number | undefined {
  const match = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(text);
  return match ? Number(match[1]) : undefined;
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

/** Bytes of each digest that LDAP strings have. */
export const digestLengths: Readonly<Record<string, number>> = {
  md5: 16,
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};
