import type { Look } from './look.ts';

/** Nothing but what the page itself holds, in no frame, kept by no cache (spec authentication §1.3). */
export function createPageHeaders({ nonce }: Pick<Look, 'nonce'>): Readonly<Record<string, string>> {
  return {
    // Forms lead to redirects that may leave this server, which form-action would forbid in some browsers.
    'content-security-policy': [
      "default-src 'none'",
      `style-src 'nonce-${nonce}'`,
      `script-src 'nonce-${nonce}'`,
      'img-src https: http: data:',
      'font-src https:',
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
}
