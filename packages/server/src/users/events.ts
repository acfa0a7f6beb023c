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
}
