import { randomBytes, randomInt } from 'node:crypto';

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `length` random characters of `[A-Za-z0-9]`. */
export function randomAlphanumeric(length: number): string {
  let text = '';
  for (let index = 0; index < length; index++) text += alphanumeric[randomInt(alphanumeric.length)];
  return text;
}

/** `{prefix}_` and 16 alphanumerics: connections, client grants, roles … (spec management-api §1.7). */
export function newPrefixedId(prefix: 'con' | 'cgr' | 'rol' | 'org' | 'job' | 'dcr'): string {
  return `${prefix}_${randomAlphanumeric(16)}`;
}

/** 24 lower-case hex digits: resource servers, grants. */
export function newHexId(): string {
  return randomBytes(12).toString('hex');
}

/** 32 alphanumerics. */
export function newClientId(): string {
  return randomAlphanumeric(32);
}

/** 64 characters of `[A-Za-z0-9_-]`: 384 random bits. */
export function newClientSecret(): string {
  return randomBytes(48).toString('base64url');
}

let lastUserNumber = randomInt(2 ** 24);
const processNumber = randomBytes(5).toString('hex');

/**
 * 24 lower-case hex digits: a database user's own id. Seconds, this process and a counter, as in a BSON ObjectId: new
 * users stand together at the end of every index that the id is in, which halves the cost of adding many.
 */
export function newUserId(): string {
  lastUserNumber = (lastUserNumber + 1) % 2 ** 24;
  const seconds = Math.floor(Date.now() / 1000);
  return seconds.toString(16).padStart(8, '0') + processNumber + lastUserNumber.toString(16).padStart(6, '0');
}
