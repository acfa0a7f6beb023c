import { createHmac, hash, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import {
  createHMAC,
  createMD4,
  createRIPEMD160,
  createWhirlpool,
  type IHasher,
  pbkdf2 as slowPbkdf2,
} from 'hash-wasm';

const nativePbkdf2 = promisify(pbkdf2);

/** Digests that OpenSSL 3 has put away, as WebAssembly. */
const retired: Readonly<Record<string, () => Promise<IHasher>>> = {
  md4: createMD4,
  ripemd160: createRIPEMD160,
  whirlpool: createWhirlpool,
};
const native = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

/** Whether the digest is computed by WebAssembly, on the thread of its caller. */
export function isSlowDigest(name: string): boolean {
  return name in retired;
}

/**
 * The digest that a name means in PBKDF2 strings, OpenSSL's aliases included (`RSA-SHA256`, `sha256WithRSAEncryption`,
 * `ssl3-md5` …). @returns undefined where nothing here computes it, as for mdc2
 */
export function resolveDigest(name: string): string | undefined {
  const plain = name
    .toLowerCase()
    .replace(/^(rsa-|ssl3-)/, '')
    .replace(/withrsa(encryption)?$/, '');
  const alias = { rmd160: 'ripemd160', ripemd: 'ripemd160', 'sha1-2': 'sha1' }[plain] ?? plain;
  return native.includes(alias) || isSlowDigest(alias) ? alias : undefined;
}

export async function computeDigest(name: string, bytes: Buffer): Promise<Buffer> {
  const create = retired[name];
  if (!create) return hash(name, bytes, 'buffer');
  return Buffer.from((await create()).update(bytes).digest('binary'));
}

export async function computeHmac(name: string, key: Buffer, bytes: Buffer): Promise<Buffer> {
  const create = retired[name];
  if (!create) return createHmac(name, key).update(bytes).digest();
  return Buffer.from((await createHMAC(create(), key)).update(bytes).digest('binary'));
}

export async function computePbkdf2(
  name: string,
  bytes: Buffer,
  salt: Buffer,
  iterations: number,
  length: number,
): Promise<Buffer> {
  const create = retired[name];
  if (!create) return nativePbkdf2(bytes, salt, iterations, length, name);
  const options = { password: bytes, salt, iterations, hashLength: length, hashFunction: create() };
  return Buffer.from(await slowPbkdf2({ ...options, outputType: 'binary' }));
}
