import {
  parseQuery,
  type QueryLimits,
  type QueryNode,
  type QueryProblem,
  type ResolvedNode,
  resolveQuery,
} from '../../src/index.ts';
import { testSchema } from './schema.ts';

/** The tree of a query that must be valid. */
export function parse(text: string, limits?: QueryLimits): QueryNode {
  const outcome = parseQuery(text, limits);
  if (!outcome.isValid) throw new Error(`${text} was refused: ${outcome.problem.message}`);
  return outcome.value;
}

/** The resolved tree of a query that must be valid. */
export function resolve(text: string, limits?: QueryLimits): ResolvedNode {
  const outcome = resolveQuery(parse(text, limits), testSchema, limits);
  if (!outcome.isValid) throw new Error(`${text} was refused: ${outcome.problem.message}`);
  return outcome.value;
}

/** What is wrong with a query, with the stretch of its text that the span covers. */
export interface FoundProblem extends QueryProblem {
  readonly at: string;
}

/** The problem of a query that must be refused, by the parser or the resolver. */
export function problemIn(text: string, limits?: QueryLimits): FoundProblem {
  const parsed = parseQuery(text, limits);
  const outcome = parsed.isValid ? resolveQuery(parsed.value, testSchema, limits) : parsed;
  if (outcome.isValid) throw new Error(`${text} was accepted`);
  const { problem } = outcome;
  return { ...problem, at: text.slice(problem.span.start, problem.span.end) };
}
