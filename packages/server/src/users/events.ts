import type { Database } from '../platform/database/database.ts';

/**
 * What happens to users, told to modules on higher floors inside the transaction of the change: what a
 * listener writes commits or vanishes with it.
 */
export interface UserListener {
  emailVerificationRequested?(
    transaction: Database,
    event: { userId: string; email: string; clientId: string | undefined },
  ): Promise<void>;

  /**
   * What was granted on the word of the account as it was is over: all sessions, and with `endsTokens` also refresh tokens
   * and opaque access tokens. A deleted user's vanish with the user.
   */
  accessEnded?(transaction: Database, event: { userId: string; endsTokens: boolean }): Promise<void>;
}
