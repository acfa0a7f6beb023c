import { findConnectionById } from '../../connections/index.ts';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import {
  type AccountGuard,
  describeUserOfEvent,
  findDatabaseUser,
  findUser,
  type User,
  UserNotFoundError,
} from '../../users/index.ts';
import { deleteFailures, type LoginBlock, listBlocks, listConnectionIds } from './failures-store.ts';
import { listLoginNames, normalizeAddress, normalizeIdentifier } from './login-key.ts';
import { findSettings } from './settings-store.ts';

export interface UserBlocks {
  readonly blocked_for: { identifier: string; ip?: string; connection: string }[];
}

export interface UserBlockDependencies {
  readonly database: Database;
  readonly guard: AccountGuard;
}

/** Blocks shown at once; an attack from more addresses than this has the newest shown. Lifting lifts all. */
const longestList = 1000;

/** @param considersEnablement whether to show none while protection would not block */
export async function listBlocksOfIdentifier(
  { database }: UserBlockDependencies,
  identifier: string,
  considersEnablement: boolean,
): Promise<UserBlocks> {
  if (considersEnablement && !(await blocksNow(database))) return { blocked_for: [] };
  return present(await listBlocks(database, [{ identifier: normalizeIdentifier(identifier) }], longestList));
}

/** @throws UserNotFoundError */
export async function listBlocksOfUser(
  { database }: UserBlockDependencies,
  userId: string,
  considersEnablement: boolean,
): Promise<UserBlocks> {
  const user = await findUser(database, userId);
  if (!user) throw new UserNotFoundError();
  if (considersEnablement && !(await blocksNow(database))) return { blocked_for: [] };
  return present(await listBlocks(database, listLoginNames(user), longestList));
}

/**
 * Lifts blocks and forgets what was counted; change and log event commit together. An identifier that nobody has is no error.
 * @param ip absent: of every address
 * @throws ProtectedAccountError where it is the name of somebody out of the caller's reach
 */
export async function unblockIdentifier(
  { database, guard }: UserBlockDependencies,
  typed: string,
  ip: string | undefined,
  context: ChangeContext,
): Promise<void> {
  const identifier = normalizeIdentifier(typed);
  await database.transaction().execute(async (transaction) => {
    const owners: User[] = [];
    for (const connectionId of await listConnectionIds(transaction, identifier)) {
      const connection = await findConnectionById(transaction, connectionId);
      const owner = connection && (await findDatabaseUser(transaction, connection, identifier));
      if (owner) owners.push(owner.user);
    }
    await guard.assertMayChange(
      transaction,
      context.caller,
      owners.map(({ userId }) => userId),
    );
    await deleteFailures(transaction, [{ identifier }], ip === undefined ? undefined : normalizeAddress(ip));
    await logRelease(transaction, context, owners.length === 1 ? owners[0] : undefined);
  });
}

/** The same for everything that a user signs in with. @throws UserNotFoundError, ProtectedAccountError */
export async function unblockUser(
  { database, guard }: UserBlockDependencies,
  userId: string,
  ip: string | undefined,
  context: ChangeContext,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const user = await findUser(transaction, userId);
    if (!user) throw new UserNotFoundError();
    await guard.assertMayChange(transaction, context.caller, [userId]);
    await deleteFailures(
      transaction,
      listLoginNames(user),
      ip === undefined ? undefined : normalizeAddress(ip),
    );
    await logRelease(transaction, context, user);
  });
}

async function blocksNow(database: Database): Promise<boolean> {
  const { enabled, shields } = await findSettings(database);
  return enabled && shields.includes('block');
}

function present(blocks: readonly LoginBlock[]): UserBlocks {
  return {
    blocked_for: blocks.map(({ identifier, ip, connection }) => ({
      identifier,
      ...(ip === '' ? {} : { ip }),
      connection,
    })),
  };
}

async function logRelease(
  transaction: Database,
  context: ChangeContext,
  user: User | undefined,
): Promise<void> {
  await appendLogEvent(
    transaction,
    describeManagementChange({
      ...context,
      statusCode: 204,
      ...(user ? { about: describeUserOfEvent(user) } : {}),
    }),
  );
}
