import { longestSuggestion, refuse, shorten } from './problem.ts';

/** Refuses `>5`, which other dialects know, and says how it is written as a range; `start` is its place. */
export function refuseComparison(text: string, start: number): never {
  const [comparison = ''] = /^[<>]=?/.exec(text.slice(start, start + 2)) ?? [];
  const rest = text.slice(start + comparison.length, start + comparison.length + longestSuggestion + 1);
  const [whole = '', operand] =
    /^\s*("(?:[^"\\]|\\.)*"|(?:[^\s"()[\]{}*\\:]|:(?=\d))+)(?=[\s)]|$)/su.exec(rest) ?? [];
  const isWhole = operand !== undefined && operand.length <= longestSuggestion;
  return refuse(
    'unsupported',
    { start, end: start + comparison.length + (isWhole ? whole.length : 0) },
    `Comparisons are written as ranges, such as ${toRange(comparison, isWhole ? shorten(operand) : '10')}`,
    isWhole ? toRange(comparison, operand) : undefined,
  );
}

function toRange(comparison: string, operand: string): string {
  switch (comparison) {
    case '>':
      return `{${operand} TO *]`;
    case '>=':
      return `[${operand} TO *]`;
    case '<':
      return `[* TO ${operand}}`;
    default:
      return `[* TO ${operand}]`;
  }
}
