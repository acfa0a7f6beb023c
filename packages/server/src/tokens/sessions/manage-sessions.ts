import type { BodyOf, revokeUserAccess as revokeUserAccessOperation } from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import type { Checkpoint } from '../../platform/http/paging.ts';
import { getTenantSettings } from '../../tenant/index.ts';
import { findUser, UserNotFoundError } from '../../users/index.ts';
import type { TokenManagementDependencies } from '../management-dependencies.ts';
import { SessionNotFoundError } from '../management-errors.ts';
import { familyModels } from '../refresh-tokens/revoke-refresh-tokens.ts';
import { readSessionLifetimes, remainingLifetime, type SessionLifetimes } from '../session-lifetimes.ts';
import { deletePayloads, listPayloads, type PayloadRecord, updatePayloadDetails } from '../store.ts';
import { presentSession } from './present-session.ts';

type Presented = Record<string, unknown>;

/** @throws SessionNotFoundError */
export async function getSession({ database }: TokenManagementDependencies, id: string): Promise<Presented> {
  const lifetimes = readSessionLifetimes(await getTenantSettings(database));
  const [record] = await listPayloads(database, { models: ['Session'], uid: id }, { limit: 1 });
  if (!record?.userId || isOver(record, lifetimes)) throw new SessionNotFoundError();
  return presentSession(record, lifetimes);
}

/** The sessions of a user that are not over, oldest first, with where each stands in the list. @throws UserNotFoundError */
export async function listUserSessions(
  { database }: TokenManagementDependencies,
  userId: string,
  checkpoint: Checkpoint | undefined,
  limit: number,
): Promise<{ session: Presented; checkpoint: Checkpoint }[]> {
  if (!(await findUser(database, userId))) throw new UserNotFoundError();
  const lifetimes = readSessionLifetimes(await getTenantSettings(database));
  const records = await listPayloads(
    database,
    { models: ['Session'], userId },
    { limit, ...(checkpoint ? { after: checkpoint } : {}) },
  );
  return records
    .filter((record) => !isOver(record, lifetimes))
    .map((record) => ({
      session: presentSession(record, lifetimes),
      checkpoint: { createdAt: record.createdAt.toISOString(), id: String(record.payload.uid) },
    }));
}

function isOver(record: PayloadRecord, lifetimes: SessionLifetimes): boolean {
  const idleFor = (Date.now() - record.updatedAt.getTime()) / 1000;
  return idleFor > lifetimes.idle || remainingLifetime(lifetimes, record.payload.loginTs) <= 0;
}

/** Replaces what callers keep with a session; `null` removes it. @throws SessionNotFoundError */
export async function updateSession(
  dependencies: TokenManagementDependencies,
  id: string,
  metadata: Readonly<Record<string, unknown>> | null,
  context: ChangeContext,
): Promise<Presented> {
  const before = await getSession(dependencies, id);
  return dependencies.database.transaction().execute(async (transaction) => {
    const filter = { models: ['Session'], uid: id };
    if (!(await updatePayloadDetails(transaction, filter, { metadata }))) throw new SessionNotFoundError();
    const after = await getSession({ ...dependencies, database: transaction }, id);
    const about = { userId: String(after['user_id']) };
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 200, response: after, before, after, about }),
    );
    return after;
  });
}

/** Ends a session, and with `withTokens` the tokens that came of it; an unknown one is no error. */
export async function endSession(
  { database, guard }: TokenManagementDependencies,
  id: string,
  context: ChangeContext,
  options: { readonly withTokens: boolean },
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const [record] = await listPayloads(transaction, { models: ['Session'], uid: id }, { limit: 1 });
    if (options.withTokens && !record) throw new SessionNotFoundError();
    if (record?.userId) await guard.assertMayChange(transaction, context.caller, [record.userId]);
    await deletePayloads(transaction, { models: ['Session'], uid: id });
    if (options.withTokens) await deletePayloads(transaction, { models: familyModels, sessionId: id });
    await appendLogEvent(
      transaction,
      describeManagementChange({
        ...context,
        statusCode: 202,
        ...(record?.userId ? { about: { userId: record.userId } } : {}),
      }),
    );
  });
}

/** Ends all sessions of a user; tokens stay. @throws UserNotFoundError */
export async function endUserSessions(
  { database, guard }: TokenManagementDependencies,
  userId: string,
  context: ChangeContext,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    if (!(await findUser(transaction, userId))) throw new UserNotFoundError();
    await guard.assertMayChange(transaction, context.caller, [userId]);
    await deletePayloads(transaction, { models: ['Session'], userId });
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 202, about: { userId } }),
    );
  });
}

/**
 * Ends what lets somebody go on as a user: every session and refresh token, or one session and the tokens that came of it.
 * @throws UserNotFoundError, SessionNotFoundError for a session that is not theirs
 */
export async function revokeUserAccess(
  { database, guard }: TokenManagementDependencies,
  userId: string,
  input: BodyOf<typeof revokeUserAccessOperation>,
  context: ChangeContext,
): Promise<void> {
  const { session_id: sessionId, preserve_refresh_tokens: keepsTokens = false } = input;
  await database.transaction().execute(async (transaction) => {
    if (!(await findUser(transaction, userId))) throw new UserNotFoundError();
    await guard.assertMayChange(transaction, context.caller, [userId]);
    if (sessionId !== undefined) {
      const [record] = await listPayloads(
        transaction,
        { models: ['Session'], uid: sessionId, userId },
        { limit: 1 },
      );
      if (!record) throw new SessionNotFoundError();
    }
    const sessions = { models: ['Session'], userId, ...(sessionId === undefined ? {} : { uid: sessionId }) };
    await deletePayloads(transaction, sessions);
    if (!keepsTokens) {
      const tokens = { models: familyModels, userId, ...(sessionId === undefined ? {} : { sessionId }) };
      await deletePayloads(transaction, tokens);
    }
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 202, about: { userId } }),
    );
  });
}
