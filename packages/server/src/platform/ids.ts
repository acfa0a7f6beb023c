import { randomBytes, randomInt } from 'node:crypto';

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `length` random characters of `[A-Za-z0-9]`. */
export function randomAlphanumeric(length: number): string {
  let text = '';
  for (let index = 0; index < length; index++) text += alphanumeric[randomInt(alphanumeric.length)];
  return text;
}

/** `{prefix}_` and 16 alphanumerics: connections, client grants, roles … (spec management-api §1.7). */
export function newPrefixedId(prefix: 'con' | 'cgr' | 'rol' | 'org' | 'job'): string {
  return `${prefix}_${randomAlphanumeric(16)}`;
}

/** 24 lower-case hex digits: a database user's own id, resource servers, grants. */
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
