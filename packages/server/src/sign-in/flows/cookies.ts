import type { FastifyReply, FastifyRequest } from 'fastify';

/** The value of a cookie; undefined when the browser sent none of the name. */
export function readCookie(request: FastifyRequest, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

/** Sets a cookie of the pages: for this host, gone with the browser. @param value of `[\w-]` */
export function setPageCookie(reply: FastifyReply, name: string, value: string, isSecure: boolean): void {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(isSecure ? ['Secure'] : [])];
  reply.header('set-cookie', `${name}=${value}; ${attributes.join('; ')}`);
}
