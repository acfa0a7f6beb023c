import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Application } from '../applications/index.ts';
import type { Connection } from '../connections/index.ts';
import { appendLogEvent, type LogEvent } from '../logs/index.ts';
import { queuePasswordResetEmail } from '../messages/index.ts';
import { describeUserOfEvent, findDatabaseUser, holdUser } from '../users/index.ts';
import type { AccountDependencies, Visitor } from './dependencies.ts';

/** Milliseconds that every answer takes at least, so that its time does not tell whether a mail was queued. */
const [shortestAnswer, longestAnswer] = [60, 90] as const;

export interface PasswordResetRequest {
  readonly application: Application | undefined;
  readonly connection: Connection;
  /** What the person signs in with. */
  readonly identifier: string;
}

/**
 * Sends somebody a link to choose a new password (spec authentication-and-extensibility §8.1); it voids older ones. Mail
 * and log event commit together. Nobody learns from it whether the identifier is anybody's.
 */
export async function requestPasswordReset(
  dependencies: AccountDependencies,
  { application, connection, identifier }: PasswordResetRequest,
  visitor: Visitor,
): Promise<void> {
  const answerTime = setTimeout(randomInt(shortestAnswer, longestAnswer));
  const base: Omit<LogEvent, 'type'> = {
    ...(application ? { clientId: application.clientId, clientName: application.name } : {}),
    connection: connection.name,
    connectionId: connection.id,
    strategy: connection.strategy,
    strategyType: 'database',
    ip: visitor.ip,
    userAgent: visitor.userAgent,
    details: { body: { connection: connection.name, email: identifier } },
  };
  try {
    await dependencies.database.transaction().execute(async (transaction) => {
      const known = await findDatabaseUser(transaction, connection, identifier);
      // Deleted meanwhile is the same as unknown: an error would tell that there was somebody.
      const found = (await holdUser(transaction, known?.user.userId ?? '')) ? known : undefined;
      const isQueued =
        found !== undefined &&
        (await queuePasswordResetEmail(transaction, dependencies, {
          ...found,
          clientId: application?.clientId,
          requestLanguage: visitor.language,
        }));
      // The connection stays that of the request: the user's first identity may be at another one.
      const about = found ? describeUserOfEvent(found.user) : { userName: identifier };
      const failure = found ? 'No message can be sent to the user.' : 'The user does not exist.';
      await appendLogEvent(transaction, {
        ...about,
        ...base,
        ...(isQueued ? { type: 'scpr' } : { type: 'fcpr', description: failure }),
      });
    });
  } finally {
    await answerTime;
  }
}
