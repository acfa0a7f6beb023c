export { readPeriod } from './instant.ts';
export { defaultLimits, type QueryLimits } from './limits.ts';
export { parseQuery } from './parse.ts';
export { printQuery } from './print.ts';
export { describeProblem, type Outcome, type ProblemCode, type QueryProblem } from './problem.ts';
export { resolveQuery } from './resolve.ts';
export { compareCodePoints } from './resolve-test.ts';
export type {
  NestedNode,
  NumberEnd,
  ResolvedCondition,
  ResolvedNode,
  ResolvedTest,
  ResolvedType,
  TextEnd,
} from './resolved.ts';
export type { FieldDefinition, FieldType, SearchSchema } from './schema.ts';
export type {
  AllNode,
  Bound,
  ConditionNode,
  FieldName,
  GroupNode,
  JunctionNode,
  NotNode,
  QueryNode,
  Span,
  Test,
} from './tree.ts';
