import { hash } from 'node:crypto';
import { cryptNumber, toCryptText } from './encodings.ts';
import { startTurns } from './turns.ts';

/** What phpass and Drupal strings say: `$P$`, one character of cost, eight of salt, the digest. */
export interface IteratedHash {
  readonly digest: 'md5' | 'sha512';
  /** log2 of the iterations. */
  readonly cost: number;
  readonly salt: string;
  /** The digest as the string ends; Drupal cuts its own. */
  readonly text: string;
  /** Whether the password is replaced by its MD5 first: accounts that came from Drupal 6. */
  readonly isPrehashed: boolean;
}

/** Reads `$P$…` and `$H$…` (phpass), `$S$…` and `U$…` (Drupal). */
export function readIterated(text: string): IteratedHash | undefined {
  const match = /^(U?)\$([PHS])\$(.)([./A-Za-z0-9]{8})([./A-Za-z0-9]+)$/.exec(text);
  if (!match) return undefined;
  const [, prehashed = '', kind = '', cost = '', salt = '', digest = ''] = match;
  const expected = kind === 'S' ? 43 : 22;
  if (cryptNumber(cost) < 7 || digest.length !== expected) return undefined;
  return {
    digest: kind === 'S' ? 'sha512' : 'md5',
    cost: cryptNumber(cost),
    salt,
    text: digest,
    isPrehashed: prehashed !== '',
  };
}

/** Bytes of the longest password that PHPass and Drupal hash: every round goes over all of it. */
const longestPassword = { md5: 4096, sha512: 512 } as const;

/**
 * The text that a password's digest has in such a string; undefined for passwords that are longer than any that was
 * hashed so.
 */
export async function computeIterated(bytes: Buffer, iterated: IteratedHash): Promise<string | undefined> {
  if (bytes.length > longestPassword[iterated.digest]) return undefined;
  const password = iterated.isPrehashed ? Buffer.from(hash('md5', bytes)) : bytes;
  let current = hash(iterated.digest, Buffer.concat([Buffer.from(iterated.salt), password]), 'buffer');
  const input = Buffer.concat([current, password]);
  const giveWay = startTurns();
  for (let round = 0; round < 2 ** iterated.cost; round++) {
    if (round % 64 === 63) await giveWay();
    current.copy(input);
    current = hash(iterated.digest, input, 'buffer');
  }
  return toCryptText(current).slice(0, iterated.text.length);
}
