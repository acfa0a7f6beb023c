import { appendLogEvent } from '../../logs/index.ts';
import type { QueueDependencies } from '../../messages/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { describeUserOfEvent } from '../../users/index.ts';
import {
  type SignInAttempt,
  type SignInOutcome,
  type SignInRefusal,
  type SignInRequest,
  userIsBlocked,
} from './attempt.ts';
import { BlockedMeanwhile, describeRequest, listSteps, type OptionalSteps } from './steps.ts';

/**
 * Lets a person in or not. The event of a login is written here, of either outcome; silent renewals and refresh tokens
 * have events of their own, written by who asks. No session and no token comes of it.
 */
export type SignIn = (request: SignInRequest) => Promise<SignInOutcome>;

export interface SignInDependencies extends QueueDependencies {
  readonly database: Database;
}

/** Makes the one way in, from the steps that this server has. */
export function createSignIn(dependencies: SignInDependencies, optional: OptionalSteps = {}): SignIn {
  const { database } = dependencies;
  const steps = listSteps(dependencies, optional);
  return async (request) => {
    const attempt: SignInAttempt = {
      request,
      startedAt: new Date(),
      claims: { idToken: {}, accessToken: {} },
      methods: [],
    };
    for (const step of steps) {
      if (step.kinds && !step.kinds.includes(request.kind)) continue;
      const refusal = await runStep(() => step.run(database, attempt));
      if (refusal) {
        if (request.kind === 'login' || request.kind === 'session')
          await recordRefusal(database, attempt, refusal);
        const { user, identity, methods } = attempt;
        return {
          ok: false,
          refusal,
          ...(user ? { user } : {}),
          ...(user && identity ? { verified: { user, methods } } : {}),
        };
      }
    }
    const { user, identity, connection, claims, methods } = attempt;
    if (!user || !identity || !connection) throw new Error('the steps let an unknown person in');
    return { ok: true, user, identity, connection, claims, methods };
  };
}

async function runStep(run: () => Promise<SignInRefusal | undefined>): Promise<SignInRefusal | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BlockedMeanwhile) return userIsBlocked;
    throw error;
  }
}

async function recordRefusal(
  database: Database,
  attempt: SignInAttempt,
  refusal: SignInRefusal,
): Promise<void> {
  if (refusal.logType === undefined) return;
  const { user, connection, request } = attempt;
  const typed = request.evidence.kind === 'password' ? request.evidence.identifier.slice(0, 300) : undefined;
  await appendLogEvent(database, {
    type: refusal.logType,
    description: refusal.description,
    ...(user
      ? describeUserOfEvent(user)
      : typed === undefined
        ? {}
        : { userName: typed.replaceAll('\0', '') }),
    ...(connection
      ? {
          connection: connection.name,
          connectionId: connection.id,
          strategy: connection.strategy,
          strategyType: connection.kind === 'custom-database' ? 'database' : connection.kind,
        }
      : request.connection === undefined
        ? {}
        : { connection: request.connection.slice(0, 300) }),
    ...describeRequest(attempt),
    details: { error: { message: refusal.description } },
  });
}
