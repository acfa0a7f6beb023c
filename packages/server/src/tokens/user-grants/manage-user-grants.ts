import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import type { CountedRows, OffsetPage } from '../../platform/http/paging.ts';
import type { TokenManagementDependencies } from '../management-dependencies.ts';
import { endFamilies } from '../refresh-tokens/manage-refresh-tokens.ts';
import { deleteUserGrantRows, listUserGrantRows, type UserGrant, type UserGrantFilter } from './store.ts';

export const listUserGrants = (
  { database }: TokenManagementDependencies,
  filter: UserGrantFilter,
  page: OffsetPage,
): Promise<CountedRows<UserGrant>> => listUserGrantRows(database, filter, page);

/** Deletes one grant, or all of a user, with the refresh tokens that stand on them; unknown ones are no error. */
export async function deleteUserGrants(
  { database, guard }: TokenManagementDependencies,
  filter: { readonly id: string } | { readonly userId: string },
  context: ChangeContext,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const gone = await deleteUserGrantRows(transaction, filter);
    const userIds = gone.map(({ userId }) => userId);
    await guard.assertMayChange(transaction, context.caller, userIds);
    for (const { userId, clientId, audience } of gone)
      await endFamilies(transaction, { userId, clientId, ...(audience === '' ? {} : { audience }) });
    const [first] = gone;
    const about = first ? { about: { userId: first.userId } } : {};
    await appendLogEvent(transaction, describeManagementChange({ ...context, statusCode: 204, ...about }));
  });
}

export function presentUserGrant(grant: UserGrant): Record<string, unknown> {
  return {
    id: grant.id,
    clientID: grant.clientId,
    user_id: grant.userId,
    ...(grant.audience === '' ? {} : { audience: grant.audience }),
    scope: grant.scope,
  };
}
