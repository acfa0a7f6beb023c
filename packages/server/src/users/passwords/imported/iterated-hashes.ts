import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { cryptNumber, toCryptText } from './encodings.ts';

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

/** Rounds between which other work has its turn: about 5 ms. */
const roundsAtOnce = 4_096;

/** The text that a password's digest has in such a string. */
export async function computeIterated(bytes: Buffer, iterated: IteratedHash): Promise<string> {
  const password = iterated.isPrehashed ? Buffer.from(hash('md5', bytes)) : bytes;
  let current = hash(iterated.digest, Buffer.concat([Buffer.from(iterated.salt), password]), 'buffer');
  for (let round = 0; round < 2 ** iterated.cost; round++) {
    if (round % roundsAtOnce === roundsAtOnce - 1) await setImmediate();
    current = hash(iterated.digest, Buffer.concat([current, password]), 'buffer');
  }
  return toCryptText(current).slice(0, iterated.text.length);
}
