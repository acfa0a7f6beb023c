import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * A transaction goes on in the browser that began it: its id alone, seen over a shoulder or sent in a link, opens nothing.
 * @param lifetime seconds
 */
export function bindToBrowser(context: KoaContextWithOIDC, uid: string, lifetime: number): void {
  context.cookies.set(transactionCookie(uid), uid, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/u',
    maxAge: lifetime * 1000,
    signed: true,
    overwrite: true,
  });
}

/** One cookie for each transaction, so that several tabs do not get in each other's way. */
export const transactionCookie = (uid: string) => `_transaction_${uid.slice(0, 8)}`;
