import * as operations from '@muster/contract';
import type { ManagementApi } from '../platform/http/management-api.ts';
import { getBruteForceProtection, updateBruteForceProtection } from './brute-force/settings.ts';
import {
  listBlocksOfIdentifier,
  listBlocksOfUser,
  type UserBlockDependencies,
  unblockIdentifier,
  unblockUser,
} from './brute-force/user-blocks.ts';

/** Registers `/attack-protection/brute-force-protection` and `/user-blocks`. */
export function registerProtectionRoutes(api: ManagementApi, dependencies: UserBlockDependencies): void {
  const { database } = dependencies;

  api.handle(operations.getBruteForceProtection, async () => ({
    status: 200,
    body: await getBruteForceProtection(database),
  }));

  api.handle(operations.updateBruteForceProtection, async ({ body, caller, summary }) => {
    const context = { caller, summary, title: operations.updateBruteForceProtection.summary };
    return { status: 200, body: await updateBruteForceProtection(database, body, context) };
  });

  api.handle(operations.listUserBlocksByIdentifier, async ({ query }) => ({
    status: 200,
    body: await listBlocksOfIdentifier(
      dependencies,
      query.identifier,
      query.consider_brute_force_enablement === true,
    ),
  }));

  api.handle(operations.deleteUserBlocksByIdentifier, async ({ query, caller, summary }) => {
    const context = { caller, summary, title: operations.deleteUserBlocksByIdentifier.summary };
    await unblockIdentifier(dependencies, query.identifier, query.ip, context);
    return { status: 204, body: undefined };
  });

  api.handle(operations.listUserBlocks, async ({ parameters, query }) => ({
    status: 200,
    body: await listBlocksOfUser(dependencies, parameters.id, query.consider_brute_force_enablement === true),
  }));

  api.handle(operations.deleteUserBlocks, async ({ parameters, query, caller, summary }) => {
    const context = { caller, summary, title: operations.deleteUserBlocks.summary };
    await unblockUser(dependencies, parameters.id, query.ip, context);
    return { status: 204, body: undefined };
  });
}
