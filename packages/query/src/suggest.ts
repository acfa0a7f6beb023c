import { escapeWord } from './print.ts';

/** UTF-16 units; what is longer is no slip of the keyboard. */
const longestName = 60;

/** The known name that the typed one most likely stands for, by edit distance; none when nothing is near. */
export function suggestName(typed: string, known: readonly string[]): string | undefined {
  if (typed.length > longestName) return undefined;
  const wanted = typed.toLowerCase();
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(wanted, name.toLowerCase());
    if (!best || distance < best.distance) best = { name, distance };
  }
  const farthest = Math.max(wanted.length > 3 ? 2 : 1, Math.floor(wanted.length / 3));
  return best && best.distance <= farthest ? best.name : undefined;
}

/**
 * The path in an object of any content that the typed one most likely stands for: `userMetadata.plan` and
 * `metadata.plan` are the usual slips.
 * @param roots names of such objects
 * @returns the path as it is written in a query
 */
export function suggestPath(typed: string, roots: readonly string[]): string | undefined {
  if (typed.length > 2 * longestName) return undefined;
  const keys = typed.split('.');
  let best: string | undefined;
  for (const length of new Set(roots.map((root) => root.split('.').length))) {
    const rest = keys.slice(length);
    if (rest.length === 0 || rest.includes('')) continue;
    const sameLength = roots.filter((root) => root.split('.').length === length);
    const typedRoot = keys.slice(0, length).join('.');
    const root =
      suggestName(typedRoot, sameLength) ??
      sameLength.find((name) => typedRoot !== '' && name.endsWith(`_${typedRoot.toLowerCase()}`));
    if (root !== undefined) best = [root, ...rest.map(escapeWord)].join('.');
  }
  return best;
}

/** Levenshtein's, for names of at most a few dozen characters. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
