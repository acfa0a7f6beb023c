import { appendLogEvent, describeManagementChange } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { assertOwnerRemains } from './account-guard.ts';
import { UnknownUserError } from './errors.ts';
import type { AdministratorRole } from './roles.ts';
import {
  deleteStoredAdministrator,
  findAdministrator,
  insertAdministrator,
  listStoredAdministrators,
  lockUserOfRole,
  type StoredAdministrator,
} from './store.ts';

export type PresentedAdministrator = {
  readonly user_id: string;
  readonly role: AdministratorRole;
  readonly created_at: string;
  readonly name?: string;
  readonly email?: string;
};

export async function listAdministrators(database: Database): Promise<PresentedAdministrator[]> {
  return (await listStoredAdministrators(database)).map(present);
}

/**
 * Gives a user a role; change and log event commit together.
 * @throws UnknownUserError, LastOwnerError
 */
export async function setAdministrator(
  database: Database,
  userId: string,
  role: AdministratorRole,
  context: ChangeContext,
): Promise<PresentedAdministrator> {
  return database.transaction().execute(async (transaction) => {
    if (!(await lockUserOfRole(transaction, userId))) throw new UnknownUserError();
    const before = await findAdministrator(transaction, userId);
    if (before?.role === 'owner' && role !== 'owner') await assertOwnerRemains(transaction, [userId]);
    await insertAdministrator(transaction, userId, role);
    const after = await findAdministrator(transaction, userId);
    if (!after) throw new UnknownUserError();
    const response = present(after);
    await appendLogEvent(
      transaction,
      describeManagementChange({
        ...context,
        statusCode: 200,
        response,
        ...(before ? { before: present(before) } : {}),
        after: response,
      }),
    );
    return response;
  });
}

/** Takes the role; done already where there is none. @throws LastOwnerError */
export async function deleteAdministrator(
  database: Database,
  userId: string,
  context: ChangeContext,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await lockUserOfRole(transaction, userId);
    const before = await findAdministrator(transaction, userId);
    if (before?.role === 'owner') await assertOwnerRemains(transaction, [userId]);
    if (!before || !(await deleteStoredAdministrator(transaction, userId))) return;
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 204, response: undefined, before: present(before) }),
    );
  });
}

function present({ userId, role, createdAt, name, email }: StoredAdministrator): PresentedAdministrator {
  return {
    user_id: userId,
    role,
    created_at: createdAt.toISOString(),
    ...(name === null ? {} : { name }),
    ...(email === null ? {} : { email }),
  };
}
