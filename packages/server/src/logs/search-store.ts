import type { ResolvedCondition, ResolvedNode, ResolvedTest } from '@muster/query';
import { type RawBuilder, sql } from 'kysely';
import { toLikePattern } from '../platform/database/like-pattern.ts';
import { foldedFields, freeFields } from './search-schema.ts';

type Condition = RawBuilder<boolean>;

/** An event's id is made within moments of its date: milliseconds by which the two may differ. */
const longestDelay = 60_000;

/** The condition of a search on the table `logs`; never NULL, so that NOT means every other event. */
export function toLogCondition(node: ResolvedNode): Condition {
  switch (node.kind) {
    case 'all':
      return sql`true`;
    case 'and':
      return sql`(${sql.join(node.children.map(toLogCondition), sql` AND `)})`;
    case 'or':
      return sql`(${sql.join(node.children.map(toLogCondition), sql` OR `)})`;
    case 'not':
      return sql`(NOT ${toLogCondition(node.child)})`;
    case 'condition':
      return toCondition(node);
    case 'nested':
      throw new Error('an event of the log has no lists');
  }
}

function toCondition({ field, type, test }: ResolvedCondition): Condition {
  if (type === 'free') {
    const tests = freeFields.map((name) => testText(sql`lower(${sql.ref(`logs.${name}`)})`, test));
    return sql`(${sql.join(tests, sql` OR `)})`;
  }
  if (test.kind === 'instant-range') return testDate(test);
  const column = sql.ref(`logs.${field}`);
  return testText(foldedFields.has(field) ? sql`lower(${column})` : sql`${column}`, test);
}

function testText(value: RawBuilder<unknown>, test: ResolvedTest): Condition {
  switch (test.kind) {
    case 'exists':
      return sql`(${value} IS NOT NULL)`;
    case 'equals':
      return sql`(${value} IS NOT NULL AND ${value} = ${test.text})`;
    case 'matches':
      return sql`(${value} IS NOT NULL AND ${value} LIKE ${toLikePattern(test.pieces)})`;
    case 'text-range': {
      const ends: Condition[] = [sql`${value} IS NOT NULL`];
      const { lower, upper } = test;
      if (lower) ends.push(sql`${value} COLLATE "C" ${lower.isInclusive ? sql`>=` : sql`>`} ${lower.text}`);
      if (upper) ends.push(sql`${value} COLLATE "C" ${upper.isInclusive ? sql`<=` : sql`<`} ${upper.text}`);
      return sql`(${sql.join(ends, sql` AND `)})`;
    }
    default:
      throw new Error(`a text of the log cannot be tested by ${test.kind}`);
  }
}

/** The bounds of the id say the same once more: partitions outside of them are not looked at. */
function testDate({ from, before }: Extract<ResolvedTest, { kind: 'instant-range' }>): Condition {
  const ends: Condition[] = [];
  if (from !== undefined)
    ends.push(sql`logs.date >= ${new Date(from)} AND logs.log_id >= ${toLogId(from - longestDelay)}`);
  if (before !== undefined)
    ends.push(sql`logs.date < ${new Date(before)} AND logs.log_id < ${toLogId(before + longestDelay)}`);
  return ends.length === 0 ? sql`true` : sql`(${sql.join(ends, sql` AND `)})`;
}

const latest = Date.UTC(9999, 11, 31);

/** The beginning of the ids of a moment: `900` and the time in UTC from year to millisecond. */
function toLogId(time: number): string {
  const bounded = Math.min(Math.max(time, 0), latest);
  return `900${new Date(bounded).toISOString().replaceAll(/\D/g, '')}`;
}
