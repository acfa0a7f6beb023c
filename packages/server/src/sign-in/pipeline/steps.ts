import {
  type Connection,
  findConnectionById,
  findConnectionOfClient,
  listConnectionsOfClient,
} from '../../connections/index.ts';
import { appendLogEvent, type LogEvent } from '../../logs/index.ts';
import { type QueueDependencies, queueFirstSignInEmail } from '../../messages/index.ts';
import type { Database } from '../../platform/database/database.ts';
import {
  applySourceProfile,
  describeUserOfEvent,
  findDatabaseUser,
  findUser,
  isSameIdentity,
  type PasswordHashCost,
  primaryIdentity,
  recordSignIn,
  recordSignInIfUnchanged,
  type User,
  verifyCredentials,
} from '../../users/index.ts';
import {
  type SignInAttempt,
  type SignInKind,
  type SignInRefusal,
  unknownConnection,
  userIsBlocked,
  wrongCredentials,
} from './attempt.ts';
import { ExceededMeanwhile } from './protect-passwords.ts';

/** One step: lets the attempt pass, adding to it what it found, or refuses it. */
export interface SignInStep {
  readonly name: string;
  /** What it acts for; absent: everything. */
  readonly kinds?: readonly SignInKind[];
  run(database: Database, attempt: SignInAttempt): Promise<SignInRefusal | undefined>;
}

/** Steps of other modules, each in its place of the list; absent ones do not happen. */
export interface OptionalSteps {
  /** Before any password is looked at: throttling by address and identifier. */
  readonly protect?: readonly SignInStep[];
  /** Once the person is known: breached passwords. */
  readonly inspect?: readonly SignInStep[];
  /** Rules and actions: may deny, and put claims on tokens. They run for every kind (spec authentication §5.1). */
  readonly scripts?: readonly SignInStep[];
  /** Second factors. */
  readonly factors?: readonly SignInStep[];
}

/** What the steps need from outside. */
export interface StepDependencies extends QueueDependencies {
  readonly hashCost: PasswordHashCost;
}

/**
 * The order of a sign-in (spec extensions-and-protection §5.9): one list for every protocol, grant and kind. The session
 * and the tokens follow in `tokens/`, which enters here first.
 */
export function listSteps(
  dependencies: StepDependencies,
  optional: OptionalSteps = {},
): readonly SignInStep[] {
  return [
    identifyConnection,
    ...(optional.protect ?? []),
    createVerifyStep(dependencies.hashCost),
    refreshProfile,
    ...(optional.inspect ?? []),
    refuseBlockedUsers,
    ...(optional.scripts ?? []),
    ...(optional.factors ?? []),
    createRecordStep(dependencies),
  ];
}

const identifyConnection: SignInStep = {
  name: 'identify connection',
  run: async (database, attempt) => {
    const connection = await selectConnection(database, attempt);
    if (!connection) return unknownConnection(attempt.request.connection);
    attempt.connection = connection;
    return undefined;
  },
};

async function selectConnection(
  database: Database,
  { request }: SignInAttempt,
): Promise<Connection | undefined> {
  const { evidence, clientId, connection: name } = request;
  if (evidence.kind === 'remembered')
    return findConnectionById(database, primaryIdentity(evidence.user).connectionId);
  if (name !== undefined) {
    const named = await findConnectionOfClient(database, name, clientId);
    return evidence.kind === 'vouched' || named?.strategy === 'auth0' ? named : undefined;
  }
  const enabled = await listConnectionsOfClient(database, clientId);
  if (evidence.kind === 'vouched') return enabled.find(({ id }) => id === evidence.connectionId);
  const databases = enabled.filter(({ strategy }) => strategy === 'auth0');
  for (const candidate of databases.length > 1 ? databases : []) {
    if (await findDatabaseUser(database, candidate, evidence.identifier)) return candidate;
  }
  return databases[0];
}

const createVerifyStep = (hashCost: PasswordHashCost): SignInStep => ({
  name: 'verify evidence',
  run: async (database, attempt) => {
    const { connection, request } = attempt;
    if (!connection) throw new Error('no connection was identified');
    const { evidence } = request;
    if (evidence.kind === 'remembered') {
      Object.assign(attempt, { user: evidence.user, identity: primaryIdentity(evidence.user) });
      return undefined;
    }
    if (evidence.kind === 'vouched') {
      const user = await findUser(database, evidence.userId);
      const identity = user?.identities.find(({ connectionId }) => connectionId === connection.id);
      if (!user || !identity) return wrongCredentials('fu');
      Object.assign(attempt, { user, identity });
      return undefined;
    }
    const { identifier, password } = evidence;
    const verdict = await verifyCredentials(
      { database, hashCost },
      connection,
      identifier,
      password,
      attempt.ahead,
    );
    if (!verdict.ok) {
      if (verdict.reason === 'unknown_user') return wrongCredentials('fu');
      attempt.user = verdict.user;
      return wrongCredentials('fp');
    }
    attempt.user = verdict.user;
    attempt.identity = verdict.identity;
    attempt.methods.push('pwd');
    return undefined;
  },
});

/** What the connection says of the person now replaces what it said last, as far as its sync setting lets it. */
const refreshProfile: SignInStep = {
  name: 'refresh profile',
  kinds: ['login'],
  run: async (_database, attempt) => {
    const { user, identity, connection, request } = attempt;
    const profile = request.evidence.kind === 'vouched' ? request.evidence.profile : undefined;
    if (!user || !identity || !connection || !profile) return undefined;
    const sync = connection.options.setUserRootAttributes;
    // Seen by the steps that follow, and kept by the last one, on the user as it is by then.
    attempt.refresh = (known) => applySourceProfile(known, identity, profile, sync);
    attempt.user = attempt.refresh(user);
    return undefined;
  },
};

const refuseBlockedUsers: SignInStep = {
  name: 'refuse blocked users',
  run: async (_database, { user }) => (user?.isBlocked ? userIsBlocked : undefined),
};

/**
 * The last step: counts the sign-in, keeps the profile, queues the first mails and writes the event, together. A block set
 * meanwhile still holds.
 */
function createRecordStep(mails: QueueDependencies): SignInStep {
  return {
    name: 'record',
    kinds: ['login'],
    run: async (database, attempt) => {
      const { request, user: known } = attempt;
      if (!known) throw new Error('nobody was verified');
      const isReturning = (known.loginsCount ?? 0) > 0;
      const returned =
        isReturning && !attempt.refresh && !attempt.watch?.hasToSettle()
          ? await recordSignInIfUnchanged(database, known, request.ip, (user) => describeLogin(attempt, user))
          : undefined;
      if (!returned) return recordInTurn(database, mails, attempt, known);
      attempt.user = returned;
      return undefined;
    },
  };
}

/** For who signs in the first time or after wrong passwords, brings a new profile, or was changed since the attempt began. */
function recordInTurn(
  database: Database,
  mails: QueueDependencies,
  attempt: SignInAttempt,
  known: User,
): Promise<SignInRefusal | undefined> {
  return database.transaction().execute(async (transaction) => {
    const { request, identity } = attempt;
    const user = await recordSignIn(transaction, known.userId, request.ip, attempt.refresh);
    if (!user) return wrongCredentials('fu');
    if (user.isBlocked) throw new BlockedMeanwhile();
    if (await attempt.watch?.settle(transaction)) throw new ExceededMeanwhile();
    attempt.user = user;
    if (user.loginsCount === 1)
      await queueFirstSignInEmail(transaction, mails, {
        user,
        identity: identity && user.identities.find(isSameIdentity(identity)),
        clientId: request.clientId,
        requestLanguage: request.language,
      });
    await appendLogEvent(transaction, describeLogin(attempt, user));
    return undefined;
  });
}

function describeLogin(attempt: SignInAttempt, user: User): LogEvent {
  const { startedAt, connection } = attempt;
  if (!connection) throw new Error('no connection was identified');
  const completedAt = new Date();
  return {
    type: 's',
    description: 'Success Login',
    ...describeUserOfEvent(user),
    connection: connection.name,
    connectionId: connection.id,
    strategy: connection.strategy,
    strategyType: connection.kind === 'custom-database' ? 'database' : connection.kind,
    ...describeRequest(attempt),
    details: {
      initiatedAt: startedAt.getTime(),
      completedAt: completedAt.getTime(),
      elapsedTime: completedAt.getTime() - startedAt.getTime(),
      stats: { loginsCount: user.loginsCount ?? 0 },
    },
  };
}

/** Rolls the counting back; `signIn` makes the refusal of it. */
export class BlockedMeanwhile extends Error {
  constructor() {
    super('the user was blocked during the sign-in');
    this.name = 'BlockedMeanwhile';
  }
}

/** The fields of an event that say what was asked for, and from where. */
export function describeRequest({ request }: SignInAttempt): {
  clientId: string;
  clientName?: string;
  ip: string;
  userAgent: string;
  audience?: string;
  scope?: string;
} {
  return {
    clientId: request.clientId,
    ...(request.clientName === undefined ? {} : { clientName: request.clientName }),
    ip: request.ip,
    userAgent: request.userAgent,
    ...(request.audience === undefined ? {} : { audience: request.audience }),
    ...(request.scope === undefined ? {} : { scope: request.scope }),
  };
}
