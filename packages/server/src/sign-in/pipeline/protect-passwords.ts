import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { LogEvent } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { PasswordWatch, WatchPasswords } from '../../protection/index.ts';
import { listIdentifiers } from '../../users/index.ts';
import { type SignInAttempt, type SignInRefusal, tooManyAttempts } from './attempt.ts';
import { readStandingAndCredentials } from './credentials-store.ts';
import type { SignInStep } from './steps.ts';

/** Refuses who has guessed too often, before the password is looked at, and has the rest watched. */
export function createProtectStep(watch: WatchPasswords): SignInStep {
  return {
    name: 'protect passwords',
    kinds: ['login'],
    run: async (database, attempt) => {
      const { connection, request } = attempt;
      const { evidence, ip } = request;
      if (!connection || evidence.kind !== 'password') return undefined;
      const [identifier] = listIdentifiers(connection, evidence.identifier);
      const watched = await watch(database, {
        connection,
        identifier: evidence.identifier,
        ip,
        // The next step looks for the person anyway.
        readStanding:
          identifier &&
          (async (key) => {
            const { standing, ahead } = await readStandingAndCredentials(database, key, identifier);
            attempt.ahead = ahead;
            return standing;
          }),
      });
      if (!watched) return undefined;
      attempt.watch = watched;
      return watched.isBlocked ? tooManyAttempts : undefined;
    },
  };
}

/** Milliseconds that the attempt takes at least that reaches the limit: whether a mail was queued is not to be told by it. */
const [shortestAnswer, longestAnswer] = [60, 90] as const;

/**
 * Counts a wrong password, with its event in one transaction.
 * @param write writes the event of a refusal
 * @returns what the person is told: not that the password was wrong, once the limit had been reached meanwhile
 */
export async function recordWrongPassword(
  database: Database,
  { user, request }: SignInAttempt,
  watch: PasswordWatch,
  event: Omit<LogEvent, 'type'>,
  refusal: SignInRefusal,
  write: (transaction: Database, refusal: SignInRefusal) => Promise<void>,
): Promise<SignInRefusal> {
  const answerAt = performance.now() + randomInt(shortestAnswer, longestAnswer);
  const counted = await database.transaction().execute((transaction) =>
    watch.recordFailure(transaction, {
      event,
      writeEvent: (isBlocked) => write(transaction, isBlocked ? tooManyAttempts : refusal),
      user,
      clientId: request.clientId,
      language: request.language,
    }),
  );
  if (counted.hasReachedLimit) await setTimeout(Math.max(0, answerAt - performance.now()));
  return counted.isBlocked ? tooManyAttempts : refusal;
}

/** Rolls the sign-in back whose right password came too late; `signIn` makes the refusal of it. */
export class ExceededMeanwhile extends Error {
  constructor() {
    super('too many wrong passwords were tried during the sign-in');
    this.name = 'ExceededMeanwhile';
  }
}
