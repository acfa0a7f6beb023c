import { createRecentCache, type RecentCache } from './recent-cache.ts';
import { existenceTerm, pathCode, valueTerm } from './search-key.ts';

/** A path that users' metadata has, with what the index writes for it: entries of many users share that work. */
export interface KnownPath {
  /** Keys joined by dots; arrays leave no trace. */
  readonly path: string;
  /** Of the path and of everything above it: `user_metadata.address` exists where its `city` does. */
  readonly existenceTerms: readonly string[];
  /** Begins the key of a user's only or smallest value here, and of any further one. */
  readonly code: string;
  readonly furtherCode: string;
  readonly children: Map<string, KnownPath>;
  readonly valueTerms: RecentCache<string>;
}

/** Most directories have dozens of paths; one that invents them forgets and hashes anew. */
const mostPaths = 1_000;
/** Values of a path that are remembered: a plan or a country is in there, a postal code is not worth it. */
const rememberedValues = 100;

let knownPaths = new Map<string, KnownPath>();

/** @param root the field that the path is below, such as `user_metadata` */
export function knowPath(root: string, path: string): KnownPath {
  const known = knownPaths.get(path);
  if (known) return known;
  if (knownPaths.size >= mostPaths) knownPaths = new Map();
  const existenceTerms: string[] = [];
  for (let end = path.length; end > root.length; end = path.lastIndexOf('.', end - 1))
    existenceTerms.push(existenceTerm(path.slice(0, end)));
  existenceTerms.push(existenceTerm(root));
  const made: KnownPath = {
    path,
    existenceTerms,
    code: pathCode(path, false),
    furtherCode: pathCode(path, true),
    children: new Map(),
    valueTerms: createRecentCache(rememberedValues),
  };
  knownPaths.set(path, made);
  return made;
}

/** One key further down. Two keys with dots may lead to one path, which is known once. */
export function knowChild(root: string, parent: KnownPath, key: string): KnownPath {
  const known = parent.children.get(key);
  if (known) return known;
  const made = knowPath(root, `${parent.path}.${key}`);
  if (parent.children.size < mostPaths) parent.children.set(key, made);
  return made;
}

/** The term of a whole value here. */
export function termAt({ path, valueTerms }: KnownPath, text: string): string {
  const known = valueTerms.get(text);
  if (known !== undefined) return known;
  const term = valueTerm(path, text);
  if (text.length <= 100) valueTerms.set(text, term);
  return term;
}
