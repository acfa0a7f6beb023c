import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';

export interface NewMessage {
  /** Name of the template. */
  readonly kind: string;
  readonly userId: string;
  readonly recipient: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Message {
  readonly id: number;
  readonly kind: string;
  readonly to: string;
  readonly user_id?: string;
  readonly status: string;
  readonly created_at: string;
}

export async function insertMessage(transaction: Database, message: NewMessage): Promise<void> {
  await sql`
    INSERT INTO outbox_messages (user_id, kind, recipient, details)
    VALUES (${message.userId}, ${message.kind}, ${message.recipient}, ${JSON.stringify(message.details)})`.execute(
    transaction,
  );
}

const ofUser = (userId: string | undefined) => (userId === undefined ? sql`true` : sql`user_id = ${userId}`);

export async function listMessagePage(
  database: Database,
  page: { offset: number; limit: number; userId?: string },
): Promise<Message[]> {
  const { rows } = await sql<{
    id: number;
    kind: string;
    recipient: string;
    user_id: string | null;
    status: string;
    created_at: Date;
  }>`
    SELECT id, kind, recipient, user_id, status, created_at FROM outbox_messages WHERE ${ofUser(page.userId)}
    ORDER BY id DESC LIMIT ${page.limit} OFFSET ${page.offset}`.execute(database);
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    to: row.recipient,
    ...(row.user_id === null ? {} : { user_id: row.user_id }),
    status: row.status,
    created_at: row.created_at.toISOString(),
  }));
}

export async function countMessages(database: Database, userId?: string): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`SELECT count(*) AS count FROM outbox_messages WHERE ${ofUser(userId)}`.execute(database);
  return rows[0]?.count ?? 0;
}
