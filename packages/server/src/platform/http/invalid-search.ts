import { describeProblem, type QueryProblem } from '@muster/query';
import { ApiError } from './errors.ts';

/** 400 `invalid_query_string`: the query cannot be understood; says where, and what to write instead. */
export class InvalidSearchError extends ApiError {
  constructor(problem: QueryProblem, query: string) {
    const { span, suggestion } = problem;
    super(400, 'invalid_query_string', `${describeProblem(problem, query)} (q)`, {
      extra: {
        position: span.start,
        length: span.end - span.start,
        ...(suggestion === undefined ? {} : { suggestion }),
      },
    });
  }
}
