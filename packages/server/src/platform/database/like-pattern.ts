/** Trigram indexes need three characters in a row. */
const shortestRun = 3;

/** A pattern's literal pieces as the operand of LIKE, whose own wildcards in them are escaped. */
export function toLikePattern(pieces: readonly string[]): string {
  return pieces.map(escapeLike).join('%');
}

export function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}

/** The pieces that a trigram index can look for. */
export function toRuns(pieces: readonly string[]): string[] {
  return pieces.filter((piece) => [...piece].length >= shortestRun);
}
