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

/** Why a query was refused: what is wrong, where, and what to write instead. */
export interface QueryProblem {
  readonly code: ProblemCode;
  /** A sentence without the position. */
  readonly message: string;
  readonly span: Span;
  /** Text that would be right in the place of the span, where there is an obvious one. */
  readonly suggestion?: string;
}

/** The problem as one sentence with its place: characters are counted from 1. */
export function describeProblem({ message, span }: QueryProblem, text: string): string {
  const excerpt = text.slice(span.start, Math.min(span.end, span.start + 40));
  return `${message} (character ${span.start + 1}${excerpt === '' ? '' : `: ${excerpt}`})`;
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
