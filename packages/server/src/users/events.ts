import type { Database } from '../platform/database/database.ts';
import type { User } from './user.ts';

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

  /** Somebody has joined, by signing up or by an administrator's hand; imports tell nobody. */
  userCreated?(transaction: Database, event: { user: User }): Promise<void>;

  /** The user of a database connection has a new password, or none any more. */
  passwordChanged?(transaction: Database, event: { user: User }): Promise<void>;

  /** The user has just gone; those of a connection that is removed go without a word. */
  userDeleted?(transaction: Database, event: { user: User }): Promise<void>;
}
