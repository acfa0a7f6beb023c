import { type RawBuilder, sql } from 'kysely';
import type { IndexNode } from './index-node.ts';
import { isConnectedFurther } from './predicates-store.ts';

export interface IdOrder {
  readonly isDescending: boolean;
  /** Only what comes after this id. */
  readonly after?: number | undefined;
}

/** Lists that are merged into one at most. */
const mostMerged = 8;

/**
 * Ids of all entries that a condition holds for, each once and in order, where an index holds them so: entries with one
 * whole value at a path, and those of one connection. Nothing is sorted, so that the first ones come at once.
 * @returns undefined where no index does
 */
export function selectIdsInOrder(node: IndexNode, order: IdOrder): RawBuilder<unknown> | undefined {
  const lists = listSources(node);
  if (!lists) return undefined;
  const direction = sql.raw(order.isDescending ? 'DESC' : 'ASC');
  const start =
    order.after === undefined
      ? sql``
      : sql`AND entry.id ${sql.raw(order.isDescending ? '<' : '>')} ${order.after}::integer`;
  const parts = lists.map(
    (source) => sql`(SELECT entry.id FROM ${source} ${start} ORDER BY entry.id ${direction})`,
  );
  return sql`SELECT list.id FROM (${sql.join(parts, sql` UNION ALL `)}) AS list ORDER BY list.id ${direction}`;
}

/**
 * Tables AS entry with what they are narrowed by: an index each, whose last column is the id. No id is in two of them, or the
 * planner would have to make them distinct, and rather sort them all for it.
 */
function listSources(node: IndexNode): RawBuilder<unknown>[] | undefined {
  if (node.kind !== 'terms') return undefined;
  if (node.keys) {
    const { own, further } = node.keys;
    if (own.length + further.length > mostMerged) return undefined;
    const ofKey = (key: string) => sql`user_search_values AS entry WHERE entry.key = ${key}`;
    const ofFurtherKey = (key: string, place: number) => sql`${ofKey(key)} AND NOT EXISTS (
      SELECT 1 FROM user_search_values AS other
      WHERE other.id = entry.id AND other.key = ANY(${[...own, ...further.slice(0, place)]}::text[]) OFFSET 0)`;
    return [...own.map(ofKey), ...further.map(ofFurtherKey)];
  }
  const [connection, ...others] = node.connections?.field === 'name' ? node.connections.values : [];
  if (connection === undefined || others.length > 0) return undefined;
  return [
    sql`user_search AS entry WHERE entry.connection = ${connection}`,
    sql`user_search AS entry WHERE ${isConnectedFurther(node, 'entry')}`,
  ];
}
