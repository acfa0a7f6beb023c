import type { UserListener } from '../users/index.ts';
import { familyModels } from './refresh-tokens/revoke-refresh-tokens.ts';
import { deletePayloads } from './store.ts';

/** Ends sessions and tokens inside the transaction that blocks a user or changes how they prove themselves. */
export function createAccessListener(): UserListener {
  return {
    accessEnded: async (transaction, { userId, endsTokens }) => {
      await deletePayloads(transaction, {
        models: endsTokens ? ['Session', ...familyModels] : ['Session'],
        userId,
      });
    },
  };
}
