import type { Database } from '../../platform/database/database.ts';
import type { Caller } from '../../platform/http/caller.ts';
import { NotFoundError } from '../../platform/http/errors.ts';
import type { AccountGuard } from '../../users/index.ts';
import { maskMessageSecrets, prepareMessage, type RenderDependencies } from './render-message.ts';
import { countMessages, findMessage, listMessagePage, type MessageRecord } from './store.ts';

type PresentedMessage = Record<string, unknown>;

/** A page of the outbox, newest first; with totals on request. */
export async function listOutbox(
  database: Database,
  page: { offset: number; limit: number; userId?: string },
  withTotals: boolean,
): Promise<
  PresentedMessage[] | { start: number; limit: number; total: number; messages: PresentedMessage[] }
> {
  const [records, total] = await Promise.all([
    listMessagePage(database, page),
    withTotals ? countMessages(database, page.userId) : undefined,
  ]);
  const messages = records.map(present);
  return total === undefined ? messages : { start: page.offset, limit: page.limit, total, messages };
}

export interface OutboxDependencies extends RenderDependencies {
  readonly guard: AccountGuard;
}

/** Scope of who sees links and codes that still work. */
const secretsScope = 'read:message_secrets';

/**
 * One message with what is or was sent. As long as it was not sent, its links and codes are live, and masked for those who may
 * not act for its user.
 * @throws NotFoundError
 */
export async function getMessage(
  dependencies: OutboxDependencies,
  id: number,
  caller: Caller,
): Promise<PresentedMessage> {
  const record = await findMessage(dependencies.database, id);
  if (!record) throw new NotFoundError('The message does not exist.');
  if (record.rendered) return { ...present(record), ...record.rendered, links: [] };
  // Given up before it could be rendered: its secrets are gone.
  if (record.status === 'sent' || record.status === 'failed') return present(record);
  const prepared = await prepareMessage(dependencies, record);
  if (!prepared) return present(record);
  const showsSecrets =
    caller.scopes.has(secretsScope) &&
    (record.userId === null ||
      (await dependencies.guard.mayChange(dependencies.database, caller, [record.userId])));
  const secrets = showsSecrets ? prepared.secrets : maskMessageSecrets(prepared.secrets);
  const { from, ...parts } = prepared.render(secrets);
  const { url, link, code } = showsSecrets ? secrets : {};
  return {
    ...present(record),
    ...parts,
    from: from.name === '' ? from.address : `${from.name} <${from.address}>`,
    links: [url, link].filter((text) => text !== undefined),
    ...(code === undefined ? {} : { code }),
  };
}

function present(record: MessageRecord): PresentedMessage {
  return {
    id: record.id,
    kind: record.kind,
    to: record.recipient,
    ...(record.userId === null ? {} : { user_id: record.userId }),
    ...(record.rendered === null ? {} : { subject: record.rendered.subject }),
    status: record.status,
    attempts: record.attempts,
    ...(record.failure === null ? {} : { failure: record.failure }),
    created_at: record.createdAt.toISOString(),
    ...(record.status === 'pending' ? { next_attempt_at: record.nextAttemptAt.toISOString() } : {}),
    ...(record.finishedAt === null ? {} : { finished_at: record.finishedAt.toISOString() }),
  };
}
