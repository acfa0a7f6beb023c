import type { Database } from '../platform/database/database.ts';
import { countMessages, listMessagePage, type Message } from './store.ts';

/** A page of the outbox, newest first; with totals on request. */
export async function listOutbox(
  database: Database,
  page: { offset: number; limit: number; userId?: string },
  withTotals: boolean,
): Promise<Message[] | { start: number; limit: number; total: number; messages: Message[] }> {
  const [messages, total] = await Promise.all([
    listMessagePage(database, page),
    withTotals ? countMessages(database, page.userId) : undefined,
  ]);
  return total === undefined ? messages : { start: page.offset, limit: page.limit, total, messages };
}
