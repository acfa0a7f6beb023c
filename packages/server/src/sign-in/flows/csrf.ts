import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { readCookie, setPageCookie } from './cookies.ts';

/** Ties forms to the browser that they were shown in: another site can neither read nor make their token. */
export interface FormGuard {
  /** The token for the forms of an answer; sets the browser's cookie where it has none. */
  issue(request: FastifyRequest, reply: FastifyReply): string;
  /** Whether the token that a form sent belongs to this browser. */
  accepts(request: FastifyRequest, token: unknown): boolean;
}

const cookieName = '_csrf';

export function createFormGuard(secrets: SecretBox, publicUrl: string): FormGuard {
  const isSecure = publicUrl.startsWith('https:');
  const tokenOf = (cookie: string) => secrets.sign(cookie, 'forms').toString('base64url');
  return {
    issue: (request, reply) => {
      const known = readCookie(request, cookieName);
      if (known && /^[\w-]{20,100}$/.test(known)) return tokenOf(known);
      const made = randomBytes(24).toString('base64url');
      setPageCookie(reply, cookieName, made, isSecure);
      return tokenOf(made);
    },
    accepts: (request, token) => {
      const cookie = readCookie(request, cookieName);
      if (cookie === undefined || typeof token !== 'string') return false;
      const expected = Buffer.from(tokenOf(cookie));
      const sent = Buffer.from(token);
      return sent.length === expected.length && timingSafeEqual(sent, expected);
    },
  };
}
