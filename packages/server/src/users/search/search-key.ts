import { hash } from 'node:crypto';
import { createRecentCache } from './recent-cache.ts';

/**
 * How terms and values are written into the index. Everything here is part of the stored form: a change needs a
 * new `searchEntryVersion`.
 */

/** Most terms are shared by many users: a path's existence, a plan, a connection. */
const knownTerms = createRecentCache<string>(10_000);
const knownPaths = createRecentCache<string>(2_500);

/** 64 bits of a term's SHA-256, as the decimal text of a signed bigint; `selectConnectionTerms` does it in SQL. */
export function hashTerm(term: string): string {
  const known = knownTerms.get(term);
  if (known !== undefined) return known;
  const hashed = hashTo64Bits(term);
  if (term.length <= 100) knownTerms.set(term, hashed);
  return hashed;
}

/** The first 64 bits of SHA-256. By way of a text: a buffer of its own takes twice the time of the hash. */
function hashTo64Bits(text: string): string {
  return BigInt.asIntN(64, BigInt(`0x${hash('sha256', text, 'hex').slice(0, 16)}`)).toString();
}

/** The term of a whole value at a path. */
export function valueTerm(path: string, text: string): string {
  return hashTerm(`${path}=${text}`);
}

/** The term of a path that holds anything at or below it. */
export function existenceTerm(path: string): string {
  return hashTerm(`?${path}`);
}

/** Length of a path's code. Short, because every value carries it: with 94^5 codes, one in 10 million queries of a
 * directory with 1,000 paths meets another path's values. */
export const pathCodeLength = 5;

/**
 * Five printable characters that stand for a path in the keys of values.
 * @param isFurther whether the key is of a further value: one user's values at one path but the smallest
 */
export function pathCode(path: string, isFurther: boolean): string {
  const name = isFurther ? `${path}[]` : path;
  const known = knownPaths.get(name);
  if (known !== undefined) return known;
  let rest = hash('sha256', name, 'buffer').readUIntBE(0, 6);
  let code = '';
  for (let place = 0; place < pathCodeLength; place++) {
    code += String.fromCharCode(0x21 + (rest % 94));
    rest = Math.floor(rest / 94);
  }
  knownPaths.set(name, code);
  return code;
}

/** After the path's code; their order is the order in which values of different types are sorted. */
export const typeCode = { number: '1', string: '2', boolean: '3', end: '4' } as const;

/** UTF-8 bytes of a string that ranges, wildcards and sorting see; a B-tree key holds at most 2,704. */
export const keptBytes = 2_000;

/** The part of a string that the index keeps, cut between characters. */
export function cutText(text: string): string {
  if (text.length * 3 <= keptBytes || Buffer.byteLength(text) <= keptBytes) return text;
  const bytes = Buffer.from(text).subarray(0, keptBytes);
  return bytes.toString('utf8').replace(/\uFFFD+$/, '');
}

/** In the order of their code points. */
const digits = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';

/** Places of the 64 bits of a double, the high half first. */
const double = new DataView(new ArrayBuffer(8));

/** Eleven digits or fewer whose text order is the order of numbers: IEEE 754, the sign turned, trailing zeros left out. */
export function encodeNumber(value: number): string {
  double.setFloat64(0, value === 0 ? 0 : value); // -0 is 0
  const turned = value < 0 ? 0xffff_ffff : 0;
  const high = double.getUint32(0) ^ (turned || 0x8000_0000);
  const low = double.getUint32(4) ^ turned;
  let text = '';
  for (let shift = 26; shift > 0; shift -= 6) text += digits[(high >>> shift) & 63];
  text += digits[((high & 3) << 4) | (low >>> 28)];
  for (let shift = 22; shift > 0; shift -= 6) text += digits[(low >>> shift) & 63];
  text += digits[(low & 15) << 2];
  let end = text.length;
  while (text.charCodeAt(end - 1) === 0x2d) end--; // the digit 0
  return text.slice(0, end);
}

/** The smallest text above every text that begins with this one; `undefined` when there is none. */
export function afterPrefix(prefix: string): string | undefined {
  const characters = [...prefix];
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const point = last.codePointAt(0) ?? 0;
    if (point >= 0x10ffff) continue;
    const next = point + 1;
    return characters.join('') + String.fromCodePoint(next >= 0xd800 && next <= 0xdfff ? 0xe000 : next);
  }
  return undefined;
}
