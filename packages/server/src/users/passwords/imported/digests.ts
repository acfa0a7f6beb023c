import { createHmac, hash, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { createHMAC, createMD4, createWhirlpool, type IHasher } from 'hash-wasm';
import { startTurns } from './turns.ts';

const nativePbkdf2 = promisify(pbkdf2);

/** Bytes of each digest that OpenSSL 3 computes by itself. */
const native: ReadonlyMap<string, number> = new Map([
  ['md5', 16],
  ['ripemd160', 20],
  ['sha1', 20],
  ['sha224', 28],
  ['sha256', 32],
  ['sha384', 48],
  ['sha512', 64],
]);

/** Digests that OpenSSL 3 has put away, as WebAssembly on the thread of the caller. */
const retired: ReadonlyMap<string, { readonly length: number; readonly create: () => Promise<IHasher> }> =
  new Map([
    ['md4', { length: 16, create: createMD4 }],
    ['whirlpool', { length: 64, create: createWhirlpool }],
  ]);

const aliases: ReadonlyMap<string, string> = new Map([
  ['rmd160', 'ripemd160'],
  ['ripemd', 'ripemd160'],
  ['sha1-2', 'sha1'],
]);

/**
 * The digest that a name means in PBKDF2 strings, OpenSSL's aliases included (`RSA-SHA256`, `sha256WithRSAEncryption`,
 * `ssl3-md5` …). @returns undefined where nothing here computes it, as for mdc2
 */
export function resolveDigest(name: string): string | undefined {
  const plain = name
    .toLowerCase()
    .replace(/^(rsa-|ssl3-)/, '')
    .replace(/withrsa(encryption)?$/, '');
  const resolved = aliases.get(plain) ?? plain;
  return digestLength(resolved) === undefined ? undefined : resolved;
}

/** Bytes of a digest by its resolved name; undefined for names that are none. */
export function digestLength(name: string): number | undefined {
  return native.get(name) ?? retired.get(name)?.length;
}

export async function computeDigest(name: string, bytes: Buffer): Promise<Buffer> {
  const wasm = retired.get(name);
  if (!wasm) return hash(name, bytes, 'buffer');
  return Buffer.from((await wasm.create()).update(bytes).digest('binary'));
}

export async function computeHmac(name: string, key: Buffer, bytes: Buffer): Promise<Buffer> {
  const wasm = retired.get(name);
  if (!wasm) return createHmac(name, key).update(bytes).digest();
  return Buffer.from((await createHMAC(wasm.create(), key)).update(bytes).digest('binary'));
}

/** @param length bytes of the key to derive */
export async function computePbkdf2(
  name: string,
  bytes: Buffer,
  salt: Buffer,
  iterations: number,
  length: number,
): Promise<Buffer> {
  const wasm = retired.get(name);
  if (!wasm) return nativePbkdf2(bytes, salt, iterations, length, name);
  const hmac = await createHMAC(wasm.create(), bytes);
  const blocks: Buffer[] = [];
  for (let block = 1; block <= Math.ceil(length / wasm.length); block++)
    blocks.push(await derivePbkdf2Block(hmac, salt, iterations, block));
  return Buffer.concat(blocks).subarray(0, length);
}

/** RFC 8018 §5.2. hash-wasm's own holds the thread until it is done. */
async function derivePbkdf2Block(
  hmac: IHasher,
  salt: Buffer,
  iterations: number,
  block: number,
): Promise<Buffer> {
  const index = Buffer.alloc(4);
  index.writeUInt32BE(block);
  const giveWay = startTurns();
  let current = hmac.init().update(salt).update(index).digest('binary');
  const sum = Buffer.from(current);
  for (let iteration = 1; iteration < iterations; iteration++) {
    current = hmac.init().update(current).digest('binary');
    for (let place = 0; place < sum.length; place++) sum[place] = (sum[place] ?? 0) ^ (current[place] ?? 0);
    if (iteration % 64 === 0) await giveWay();
  }
  return sum;
}
