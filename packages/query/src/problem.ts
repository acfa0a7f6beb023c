import type { Span } from './tree.ts';

export type ProblemCode =
  | 'syntax'
  | 'unsupported'
  | 'too_long'
  | 'too_deep'
  | 'too_many'
  | 'unknown_field'
  | 'not_searchable'
  | 'wrong_type'
  | 'wildcard_too_short'
  | 'reversed_range';

/** UTF-16 units; longer pieces of a query are not repeated in a suggestion. */
export const longestSuggestion = 100;

/** Why a query was refused: what is wrong, where, and what to write instead. */
export interface QueryProblem {
  readonly code: ProblemCode;
  /** A sentence without the position. */
  readonly message: string;
  readonly span: Span;
  /** Text that would be right in the place of the span, where there is an obvious one. */
  readonly suggestion?: string;
}

/**
 * The problem as one line with its place. Characters are counted from 1 as a reader counts them: an emoji is one,
 * though it has two of the span's units.
 */
export function describeProblem({ message, span }: QueryProblem, text: string): string {
  let character = 1;
  for (let index = 0; index < span.start; index++) if (!isInsidePair(text, index)) character++;
  const excerpt = shorten(text.slice(span.start, Math.min(span.end, span.start + 100)), 40);
  return `${message} (character ${character}${excerpt === '' ? '' : `: ${excerpt}`})`;
}

/** Whether the unit is the second half of a character beyond the BMP. */
function isInsidePair(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  if (unit < 0xdc00 || unit > 0xdfff || index === 0) return false;
  const before = text.charCodeAt(index - 1);
  return before >= 0xd800 && before <= 0xdbff;
}

/** A piece of the query for a message: on one line, cut between characters. */
export function shorten(text: string, longest = 60): string {
  const characters = [...text.slice(0, 2 * longest + 1)];
  const isWhole = characters.length <= longest;
  const visible = characters
    .slice(0, longest)
    .join('')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
  return isWhole ? visible : `${visible}…`;
}

/** Carries a problem out of the parser's and the resolver's recursion; never leaves this package. */
export class ProblemFound extends Error {
  readonly problem: QueryProblem;

  constructor(problem: QueryProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** @throws ProblemFound */
export function refuse(code: ProblemCode, span: Span, message: string, suggestion?: string): never {
  throw new ProblemFound({ code, message, span, ...(suggestion === undefined ? {} : { suggestion }) });
}

export type Outcome<Value> =
  | { readonly isValid: true; readonly value: Value }
  | { readonly isValid: false; readonly problem: QueryProblem };

/** Runs a step of the language and turns the problem it finds into a value. */
export function capture<Value>(step: () => Value): Outcome<Value> {
  try {
    return { isValid: true, value: step() };
  } catch (error) {
    if (error instanceof ProblemFound) return { isValid: false, problem: error.problem };
    throw error;
  }
}
