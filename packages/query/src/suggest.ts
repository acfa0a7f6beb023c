/** The known name that the typed one most likely stands for, by edit distance; none when nothing is near. */
export function suggestName(typed: string, known: readonly string[]): string | undefined {
  const wanted = typed.toLowerCase();
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(wanted, name.toLowerCase());
    if (!best || distance < best.distance) best = { name, distance };
  }
  return best && best.distance <= Math.max(wanted.length > 3 ? 2 : 1, Math.floor(wanted.length / 3))
    ? best.name
    : undefined;
}

/** Levenshtein's, for names of at most a few dozen characters. */
function editDistance(left: string, right: string): number {
  const a = left.slice(0, 60);
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
