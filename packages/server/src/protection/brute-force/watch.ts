import type { Connection } from '../../connections/index.ts';
import { appendLogEvent, type LogEvent } from '../../logs/index.ts';
import { type QueueDependencies, queueBlockedAccountEmail } from '../../messages/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { holdUser, type Identity, type User } from '../../users/index.ts';
import {
  blockLogin,
  countFailure,
  findStanding,
  type LoginStanding,
  markNotified,
  settleFailures,
  wasNotified,
} from './failures-store.ts';
import { type LoginKey, normalizeAddress, normalizeIdentifier } from './login-key.ts';

/** Who tries to sign in, as far as a request tells. */
export interface LoginAttempt {
  readonly connection: Connection;
  /** As typed. */
  readonly identifier: string;
  readonly ip: string;
  /** Reads how the identifier stands, together with something else; default: alone. */
  readonly readStanding?: ((key: LoginKey) => Promise<LoginStanding>) | undefined;
}

/** What came of a wrong password. */
export interface CountedFailure {
  /** Whether the limit had been reached while the password was looked at: what came of it is then not to be told. */
  readonly isBlocked: boolean;
  /** Whether this one has reached the limit. */
  readonly hasReachedLimit: boolean;
}

/** One attempt to sign in with a password, from before the password is looked at until what came of it is known. */
export interface PasswordWatch {
  /** Whether the attempt is refused before the password is looked at. */
  readonly isBlocked: boolean;
  /**
   * Counts a wrong password in the transaction of its event. At the limit it writes `limit_wc` and queues the user's mail.
   * @param failure.event who and where, as the log has it
   * @param failure.writeEvent writes the event of the attempt, told whether it came too late to be answered
   */
  recordFailure(
    transaction: Database,
    failure: {
      readonly event: Omit<LogEvent, 'type'>;
      readonly writeEvent: (isBlocked: boolean) => Promise<void>;
      readonly user: User | undefined;
      readonly clientId: string;
      readonly language: string | undefined;
    },
  ): Promise<CountedFailure>;
  /** Whether a right password leaves anything to settle. */
  hasToSettle(): boolean;
  /** After a right password: forgets the wrong ones. The transaction holds the user. @returns whether it came too late */
  settle(transaction: Database): Promise<boolean>;
  /** To be called whatever came of it. */
  end(): void;
}

export type WatchPasswords = (
  database: Database,
  attempt: LoginAttempt,
) => Promise<PasswordWatch | undefined>;

/**
 * Watches sign-ins with passwords (spec extensions-and-protection §5.2). Before the password costs one read, which
 * may be part of another; after a right one nothing more, unless there were wrong ones or other attempts for the same name at the same time. Those are known to this
 * process alone: of a burst over several processes each may let one guess more than the limit be told.
 * @returns undefined where nothing is counted: protection is off, or the address is on the allowlist
 */
export function createPasswordWatch(mails: QueueDependencies): WatchPasswords {
  const attemptsInFlight = createAttemptsInFlight();
  return async (database, { connection, identifier: typed, ip: address, readStanding }) => {
    if (!connection.options.protectsFromBruteForce) return undefined;
    const [identifier, ip] = [normalizeIdentifier(typed), normalizeAddress(address)];
    const flight = attemptsInFlight.begin(`${connection.id} ${identifier}`);
    try {
      const key = { identifier, connectionId: connection.id, ip };
      const standing = await (readStanding ? readStanding(key) : findStanding(database, key));
      if (standing.settings.enabled && !standing.isAllowed)
        return makeWatch(mails, { key, ip, connection, standing, flight });
    } catch (cause) {
      flight.end();
      throw cause;
    }
    flight.end();
    return undefined;
  };
}

function makeWatch(
  mails: QueueDependencies,
  watched: {
    readonly key: LoginKey;
    readonly ip: string;
    readonly connection: Connection;
    readonly standing: LoginStanding;
    readonly flight: Flight;
  },
): PasswordWatch {
  const { ip, connection, standing, flight } = watched;
  const { settings } = standing;
  const maxAttempts = settings.max_attempts;
  const blocks = settings.shields.includes('block');
  const key = settings.mode === 'count_per_identifier' ? { ...watched.key, ip: '' } : watched.key;
  const hasToSettle = () => standing.hasFailures || flight.isContended();
  return {
    isBlocked: blocks && standing.isAtLimit,
    end: () => flight.end(),

    recordFailure: async (transaction, { event, writeEvent, user, clientId, language }) => {
      const isKept = await holdUser(transaction, user?.userId ?? '');
      const { failures, wasAtLimit } = await countFailure(transaction, key, {
        connection: connection.name,
        maxAttempts,
      });
      const isBlocked = blocks && wasAtLimit;
      await writeEvent(isBlocked);
      if (wasAtLimit || failures < maxAttempts) return { isBlocked, hasReachedLimit: false };
      await blockLogin(transaction, key);
      await appendLogEvent(transaction, {
        ...event,
        type: 'limit_wc',
        description: describeBlock(failures, blocks),
      });
      const owner = isKept ? user : undefined;
      const identity = owner && findIdentity(owner, connection);
      if (blocks && settings.shields.includes('user_notification') && !(await wasNotified(transaction, ip))) {
        const isQueued =
          owner &&
          identity &&
          (await queueBlockedAccountEmail(transaction, mails, {
            user: owner,
            identity,
            clientId,
            requestLanguage: language,
            sourceIp: ip,
            blockedIp: key.ip,
          }));
        if (isQueued) await markNotified(transaction, key, ip);
      }
      return { isBlocked: false, hasReachedLimit: true };
    },

    hasToSettle,

    settle: async (transaction) =>
      hasToSettle() ? settleFailures(transaction, key, { maxAttempts, blocks }) : false,
  };
}

function describeBlock(failures: number, blocks: boolean): string {
  return `${failures} wrong passwords in a row${blocks ? '' : '; nothing is blocked, as the settings have it'}`;
}

function findIdentity(user: User, connection: Connection): Identity | undefined {
  return user.identities.find(({ connectionId }) => connectionId === connection.id);
}

interface Flight {
  /** Whether others were under way at any time since this one began. */
  isContended(): boolean;
  end(): void;
}

/** Knows which attempts for one name are under way in this process. */
function createAttemptsInFlight(): { begin(name: string): Flight } {
  const flights = new Map<string, { active: number; begun: number }>();
  return {
    begin: (name) => {
      const state = flights.get(name) ?? { active: 0, begun: 0 };
      flights.set(name, state);
      const hadCompany = state.active > 0;
      state.active++;
      const number = ++state.begun;
      let hasEnded = false;
      return {
        isContended: () => hadCompany || state.begun > number,
        end: () => {
          if (hasEnded) return;
          hasEnded = true;
          if (--state.active === 0) flights.delete(name);
        },
      };
    },
  };
}
