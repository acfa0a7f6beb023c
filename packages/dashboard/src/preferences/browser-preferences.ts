import { preferenceBounds } from '@muster/contract';
import type { Preferences, SavedSearch } from './preference-store.ts';

/** Where an auditor's are, and where everybody's were before the server kept them. */
const columnsKey = 'muster.users.columns';
const searchesKey = 'muster.users.searches';
/** What the server said last, for the first paint. */
const cacheKey = 'muster.preferences';

/** What this browser keeps. */
export function readBrowserPreferences(): Preferences {
  return readPreferences({ user_columns: read(columnsKey), user_searches: read(searchesKey) });
}

/** Keeps it in this browser alone. @throws where the browser lets nothing be kept, or no more */
export function writeBrowserPreferences({
  user_columns: columns,
  user_searches: searches,
}: Preferences): void {
  if (columns !== undefined) localStorage.setItem(columnsKey, JSON.stringify(columns));
  if (searches !== undefined) localStorage.setItem(searchesKey, JSON.stringify(searches));
}

/** What this browser kept before the server did, and the server lacks; `undefined` where there is no such thing. */
export function findUntaken(kept: Preferences): Preferences | undefined {
  const { user_columns: columns, user_searches: searches = [] } = readBrowserPreferences();
  const known = kept.user_searches ?? [];
  const missing = searches.filter(
    (search, index) =>
      fits(search) &&
      known.every(({ name }) => name !== search.name) &&
      searches.findIndex(({ name }) => name === search.name) === index,
  );
  const hasColumns = kept.user_columns === undefined && columns !== undefined;
  if (!hasColumns && missing.length === 0) return undefined;
  return {
    ...(hasColumns ? { user_columns: [...new Set(columns)].slice(0, preferenceBounds.columns) } : {}),
    ...(missing.length > 0
      ? { user_searches: [...known, ...missing].slice(0, preferenceBounds.searches) }
      : {}),
  };
}

/** Once the server has them: who comes to this browser next has their own. */
export function forgetBrowserPreferences(): void {
  remove(columnsKey);
  remove(searchesKey);
}

/** What the server said of this person last time. */
export function readCachedPreferences(userId: string): Preferences | undefined {
  const cached = Object(read(cacheKey));
  return Reflect.get(cached, 'user_id') === userId ? readPreferences(cached) : undefined;
}

export function cachePreferences(userId: string, preferences: Preferences): void {
  try {
    localStorage.setItem(cacheKey, JSON.stringify({ user_id: userId, ...preferences }));
  } catch {
    // The next first paint waits for the server, as in a browser that keeps nothing.
    remove(cacheKey);
  }
}

export function forgetCachedPreferences(): void {
  remove(cacheKey);
}

const fits = ({ name, q }: SavedSearch) =>
  name.length <= preferenceBounds.nameLength && q !== '' && q.length <= preferenceBounds.queryLength;

function readPreferences(value: object): Preferences {
  const columns: unknown = Reflect.get(value, 'user_columns');
  const searches: unknown = Reflect.get(value, 'user_searches');
  return {
    ...(Array.isArray(columns) ? { user_columns: columns.filter((field) => typeof field === 'string') } : {}),
    ...(Array.isArray(searches) ? { user_searches: searches.flatMap(readSearch) } : {}),
  };
}

function readSearch(value: unknown): SavedSearch[] {
  const [name, q, sort]: unknown[] = ['name', 'q', 'sort'].map((key) => Reflect.get(Object(value), key));
  return typeof name === 'string' && typeof q === 'string' && typeof sort === 'string'
    ? [{ name, q, sort }]
    : [];
}

/** Storage may be closed to us, and what is in it anybody's. */
function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return undefined;
  }
}

function remove(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // What cannot be reached was not kept either.
  }
}
