import { createHash } from 'node:crypto';
import { InvalidQueryError } from '../../platform/http/errors.ts';
import type { Position } from './page-request.ts';
import { readSortOrder, type SortOrder } from './sort-order.ts';

/** What a list was asked for: a checkpoint goes on with that list only. */
export interface ListIdentity {
  readonly q: string | undefined;
  readonly connection: string | undefined;
}

/** The `next` of a page: the list's sort and its last row's place. Opaque to callers. */
export function encodeCheckpoint(list: ListIdentity, sort: SortOrder, { key, id }: Position): string {
  const content = [1, digestOf(list), sort.name, sort.isDescending ? -1 : 1, key, id];
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** @throws InvalidQueryError for anything but the `next` of an earlier page of the same list */
export function decodeCheckpoint(text: string, list: ListIdentity): { sort: SortOrder; after: Position } {
  const [version, digest, name, direction, key, id] = parseArray(text);
  const sort = typeof name === 'string' ? readSortOrder(name, direction === -1) : undefined;
  const isWhole =
    version === 1 &&
    (direction === 1 || direction === -1) &&
    (key === null || (typeof key === 'string' && fitsColumn(key, sort))) &&
    typeof id === 'number' &&
    Number.isInteger(id) &&
    Math.abs(id) < 2 ** 31;
  if (!isWhole || !sort || !(key === null || typeof key === 'string') || typeof id !== 'number')
    throw refusal('Send the `next` of the answer before');
  if (digest !== digestOf(list)) throw refusal('This `next` belongs to a list with another q or connection');
  return { sort, after: { key, id } };
}

function parseArray(text: string): unknown[] {
  try {
    const content: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(content) ? content : [];
  } catch (cause) {
    if (cause instanceof SyntaxError) return [];
    throw cause;
  }
}

/** A forged key must not reach PostgreSQL as a value that its type refuses. */
function fitsColumn(key: string, sort: SortOrder | undefined): boolean {
  if (key.includes('\0')) return false;
  if (sort?.kind !== 'column') return true;
  if (sort.column === 'logins_count') return /^-?\d{1,10}$/.test(key);
  if (['created_at', 'updated_at', 'last_login'].includes(sort.column))
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(key) && !Number.isNaN(Date.parse(key));
  return true;
}

function digestOf({ q, connection }: ListIdentity): string {
  return createHash('sha256')
    .update(JSON.stringify([q ?? '', connection ?? '']))
    .digest('base64url')
    .slice(0, 12);
}

function refusal(reason: string): InvalidQueryError {
  return new InvalidQueryError(
    `Query validation error: '${reason}' on property from (Optional id from which to start selection).`,
  );
}
