import { appendLogEvent, type LogEvent } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { describeUserOfEvent } from '../../users/index.ts';
import {
  type SignInAttempt,
  type SignInOutcome,
  type SignInRefusal,
  type SignInRequest,
  tooManyAttempts,
  userIsBlocked,
} from './attempt.ts';
import { ExceededMeanwhile, recordWrongPassword } from './protect-passwords.ts';
import {
  BlockedMeanwhile,
  describeRequest,
  listSteps,
  type OptionalSteps,
  type SignInStep,
  type StepDependencies,
} from './steps.ts';

/**
 * Lets a person in or not. The event of a login is written here, of either outcome; silent renewals and refresh tokens
 * have events of their own, written by who asks. No session and no token comes of it.
 */
export type SignIn = (request: SignInRequest) => Promise<SignInOutcome>;

export interface SignInDependencies extends StepDependencies {
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
    try {
      return await goThrough(database, steps, attempt);
    } finally {
      attempt.watch?.end();
    }
  };
}

async function goThrough(
  database: Database,
  steps: readonly SignInStep[],
  attempt: SignInAttempt,
): Promise<SignInOutcome> {
  const { request } = attempt;
  for (const step of steps) {
    if (step.kinds && !step.kinds.includes(request.kind)) continue;
    const refused = await runStep(() => step.run(database, attempt));
    if (refused) {
      const isTold = request.kind === 'login' || request.kind === 'session';
      const refusal = isTold ? await recordRefusal(database, attempt, refused) : refused;
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
}

async function runStep(run: () => Promise<SignInRefusal | undefined>): Promise<SignInRefusal | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BlockedMeanwhile) return userIsBlocked;
    if (error instanceof ExceededMeanwhile) return tooManyAttempts;
    throw error;
  }
}

/** @returns what the person is told: a wrong password may be one too many */
async function recordRefusal(
  database: Database,
  attempt: SignInAttempt,
  refusal: SignInRefusal,
): Promise<SignInRefusal> {
  const event = describeAttempt(attempt);
  const write = async (target: Database, { logType, description }: SignInRefusal) => {
    if (logType === undefined) return;
    const details = { error: { message: description } };
    await appendLogEvent(target, { ...event, type: logType, description, details });
  };
  const { watch } = attempt;
  if (watch && refusal.kind === 'wrong_credentials')
    return recordWrongPassword(database, attempt, watch, event, refusal, write);
  await write(database, refusal);
  return refusal;
}

function describeAttempt(attempt: SignInAttempt): Omit<LogEvent, 'type'> {
  const { user, connection, request } = attempt;
  const typed = request.evidence.kind === 'password' ? request.evidence.identifier.slice(0, 300) : undefined;
  return {
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
  };
}
