import type { Caller, RequestSummary } from '../platform/http/caller.ts';
import type { LogEvent } from './log-event.ts';
import { maskSecrets } from './masking.ts';

/** Bodies beyond this many characters of JSON are left out of the event; the changes are kept. */
const bodyLimit = 16_384;

export interface ManagementChange {
  readonly caller: Caller;
  readonly summary: RequestSummary;
  /** The operation's title, such as "Create a User". */
  readonly title: string;
  readonly statusCode: number;
  readonly response?: unknown;
  /** The record before and after; the event keeps the root properties that differ. */
  readonly before?: Readonly<Record<string, unknown>> | undefined;
  readonly after?: Readonly<Record<string, unknown>> | undefined;
  /** The user, connection … that the change was about. */
  readonly about?: Pick<
    LogEvent,
    'userId' | 'userName' | 'connection' | 'connectionId' | 'strategy' | 'strategyType'
  >;
}

/** The `sapi` event of a Management API write that succeeded. Secrets are masked here. */
export function describeManagementChange(change: ManagementChange): LogEvent {
  return describe('sapi', change, change.response);
}

/** The `fapi` event of an authenticated write that was refused. */
export function describeManagementRefusal(change: ManagementChange): LogEvent {
  return describe('fapi', change, change.response);
}

function describe(type: 'sapi' | 'fapi', change: ManagementChange, response: unknown): LogEvent {
  const { caller, summary } = change;
  const changes = diffRecords(change.before, change.after);
  const isPerson = caller.subject !== `${caller.clientId}@clients`;
  return {
    type,
    description: change.title,
    clientId: caller.clientId,
    ...(caller.clientName === undefined ? {} : { clientName: caller.clientName }),
    ip: caller.ip,
    userAgent: caller.userAgent,
    ...change.about,
    details: {
      request: {
        method: summary.method.toLowerCase(),
        path: summary.path,
        query: maskSecrets(summary.query),
        body: bounded(maskSecrets(summary.body)),
        userAgent: caller.userAgent,
        channel: 'api',
        ip: caller.ip,
        auth: {
          ...(isPerson ? { user: { user_id: caller.subject } } : {}),
          strategy: 'jwt',
          credentials: { jti: caller.tokenId, scopes: [...caller.scopes].slice(0, 50) },
        },
      },
      response: { statusCode: change.statusCode, body: bounded(maskSecrets(response)) },
      ...(changes ? { changes } : {}),
    },
  };
}

type Changes = Record<string, { before?: unknown; after?: unknown }>;

/** Root properties that differ, each with its old and new value; secrets masked. */
export function diffRecords(
  before: Readonly<Record<string, unknown>> | undefined,
  after: Readonly<Record<string, unknown>> | undefined,
): Changes | undefined {
  if (!before && !after) return undefined;
  const changes: Changes = {};
  for (const key of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    if (key === 'updated_at') continue;
    const old = before?.[key];
    const current = after?.[key];
    if (old === current || JSON.stringify(old) === JSON.stringify(current)) continue;
    changes[key] = {
      ...(old === undefined ? {} : { before: bounded(maskSecrets(old, key)) }),
      ...(current === undefined ? {} : { after: bounded(maskSecrets(current, key)) }),
    };
  }
  return changes;
}

function bounded(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const size = JSON.stringify(value).length;
  return size > bodyLimit ? { omitted: `${size} characters of JSON` } : value;
}
