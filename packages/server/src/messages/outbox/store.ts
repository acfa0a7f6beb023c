import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { MessageKind } from '../templates/texts/message-text.ts';

export type MessageStatus = 'pending' | 'sent' | 'failed' | 'kept';

export interface NewMessage {
  readonly kind: MessageKind;
  readonly userId: string | null;
  readonly recipient: string;
  /** Variables of the template that anybody who may read the outbox may see. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Encrypted JSON: the link or the code. */
  readonly secrets: Buffer | null;
  /** Seconds during which delivery is tried. */
  readonly deliverWithin: number;
}

/** What was sent, its secrets masked. */
export interface RenderedParts {
  readonly from: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export interface MessageRecord extends Omit<NewMessage, 'deliverWithin'> {
  readonly id: number;
  readonly status: MessageStatus;
  readonly attempts: number;
  readonly rendered: RenderedParts | null;
  readonly failure: string | null;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date;
  readonly giveUpAt: Date;
  readonly finishedAt: Date | null;
}

interface MessageRow {
  id: number;
  user_id: string | null;
  kind: MessageKind;
  recipient: string;
  details: Record<string, unknown>;
  secrets: Buffer | null;
  rendered: RenderedParts | null;
  status: MessageStatus;
  attempts: number;
  failure: string | null;
  created_at: Date;
  next_attempt_at: Date;
  give_up_at: Date;
  finished_at: Date | null;
}

const columns = sql`id, user_id, kind, recipient, details, secrets, rendered, status, attempts, failure, created_at,
  next_attempt_at, give_up_at, finished_at`;

export async function insertMessage(transaction: Database, message: NewMessage): Promise<void> {
  await sql`
    INSERT INTO outbox_messages (user_id, kind, recipient, details, secrets, give_up_at)
    VALUES (${message.userId}, ${message.kind}, ${message.recipient}, ${JSON.stringify(message.details)}, ${message.secrets},
      now() + make_interval(secs => ${message.deliverWithin}))`.execute(transaction);
}

/**
 * Takes due messages for `lease` seconds: no other process gets them until then, or until they are put back. A
 * process that dies leaves them to the others when the lease ends.
 */
export async function claimDueMessages(
  database: Database,
  options: { readonly limit: number; readonly lease: number },
): Promise<MessageRecord[]> {
  const { rows } = await sql<MessageRow>`
    UPDATE outbox_messages SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => ${options.lease})
    WHERE id = ANY(ARRAY(
      SELECT id FROM outbox_messages WHERE status = 'pending' AND next_attempt_at <= now()
      ORDER BY next_attempt_at LIMIT ${options.limit} FOR UPDATE SKIP LOCKED
    )) RETURNING ${columns}`.execute(database);
  return rows.map(toRecord);
}

/** Ends a message; from here on its secrets are gone, but for one that is kept to be looked at. */
export async function finishMessage(
  database: Database,
  id: number,
  outcome: {
    readonly status: 'sent' | 'failed' | 'kept';
    readonly rendered?: RenderedParts | undefined;
    readonly failure?: string | undefined;
  },
): Promise<void> {
  await sql`
    UPDATE outbox_messages SET status = ${outcome.status}, finished_at = now(), failure = ${outcome.failure ?? null},
      rendered = ${outcome.rendered ? JSON.stringify(outcome.rendered) : null},
      secrets = CASE WHEN ${outcome.status === 'kept'} THEN secrets END
    WHERE id = ${id} AND status = 'pending'`.execute(database);
}

/** @param delay seconds until the next attempt. @param attempts of the claim: a newer claim is left alone */
export async function postponeMessage(
  database: Database,
  id: number,
  attempts: number,
  delay: number,
  failure: string,
): Promise<void> {
  await sql`
    UPDATE outbox_messages SET next_attempt_at = now() + make_interval(secs => ${delay}), failure = ${failure}
    WHERE id = ${id} AND status = 'pending' AND attempts = ${attempts}`.execute(database);
}

const ofUser = (userId: string | undefined) => (userId === undefined ? sql`true` : sql`user_id = ${userId}`);

export async function listMessagePage(
  database: Database,
  page: { readonly offset: number; readonly limit: number; readonly userId?: string },
): Promise<MessageRecord[]> {
  const { rows } = await sql<MessageRow>`
    SELECT ${columns} FROM outbox_messages WHERE ${ofUser(page.userId)}
    ORDER BY id DESC LIMIT ${page.limit} OFFSET ${page.offset}`.execute(database);
  return rows.map(toRecord);
}

export async function countMessages(database: Database, userId?: string): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`SELECT count(*) AS count FROM outbox_messages WHERE ${ofUser(userId)}`.execute(database);
  return rows[0]?.count ?? 0;
}

export async function findMessage(database: Database, id: number): Promise<MessageRecord | undefined> {
  const { rows } = await sql<MessageRow>`SELECT ${columns} FROM outbox_messages WHERE id = ${id}`.execute(
    database,
  );
  return rows[0] && toRecord(rows[0]);
}

/** @returns how many went; fewer than `limit` means that none is left */
export async function deleteOldMessages(
  database: Database,
  options: { readonly days: number; readonly limit: number },
): Promise<number> {
  const { rows } = await sql`
    DELETE FROM outbox_messages WHERE id = ANY(ARRAY(
      SELECT id FROM outbox_messages WHERE finished_at < now() - make_interval(days => ${options.days}) LIMIT ${options.limit}
    )) RETURNING 1`.execute(database);
  return rows.length;
}

function toRecord(row: MessageRow): MessageRecord {
  return {
    id: row.id,
    userId: row.user_id,
    kind: row.kind,
    recipient: row.recipient,
    details: row.details,
    secrets: row.secrets,
    rendered: row.rendered,
    status: row.status,
    attempts: row.attempts,
    failure: row.failure,
    createdAt: row.created_at,
    nextAttemptAt: row.next_attempt_at,
    giveUpAt: row.give_up_at,
    finishedAt: row.finished_at,
  };
}
