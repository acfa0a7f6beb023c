import type { Account, FindAccount, KoaContextWithOIDC } from 'oidc-provider';
import type { Database } from '../platform/database/database.ts';
import { findUser, type Presentation, type User } from '../users/index.ts';
import { claimsOfUser } from './claims.ts';
import { splitScope } from './scopes.ts';

const users = new WeakMap<object, User>();

/** The user behind an account that `createAccountFinder` found. */
export const userOfAccount = (account: object | undefined): User | undefined => account && users.get(account);

/** Finds users for `oidc-provider`. Who is blocked or gone has no account: nothing is issued for them. */
export function createAccountFinder(options: {
  readonly database: Database;
  readonly presentation: Presentation;
  /** Called before a refresh token that is still good gives new tokens. @throws TokenRefusal */
  readonly admitRefresh: (
    context: KoaContextWithOIDC,
    user: User,
    scope: string | undefined,
  ) => Promise<void>;
}): FindAccount {
  return async (context, userId, token) => {
    const user = await findUser(options.database, userId);
    if (!user || user.isBlocked) return undefined;
    if (token?.kind === 'RefreshToken' && !Reflect.get(token, 'consumed'))
      await options.admitRefresh(context, user, token.scope);
    const sessionOfToken: unknown = token && Reflect.get(token, 'sessionUid');
    const sessionId = sessionOfToken ?? context.oidc.session?.uid;
    const account: Account = {
      accountId: user.userId,
      claims: (_use, scope) => ({
        ...claimsOfUser(user, new Set(splitScope(scope)), options.presentation),
        sub: user.userId,
        ...(typeof sessionId === 'string' ? { sid: sessionId } : {}),
      }),
    };
    users.set(account, user);
    return account;
  };
}
