import { describeProblem, type QueryProblem } from '@muster/query';
import { ApiError } from '../../platform/http/errors.ts';

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

/** 503: PostgreSQL ended the search at its time limit. */
export class SearchTimeoutError extends ApiError {
  constructor(options: { cause: unknown }) {
    super(
      503,
      undefined,
      'The query exceeded the timeout. Please try refining your search criteria: name a field, use whole values or a longer part of the text, or leave out include_totals. docs/search.md says what each form costs.',
      options,
    );
  }
}

/** 503: the entries are being made, as after an upgrade; a shorter answer would be a wrong one. */
export class SearchIndexIncompleteError extends ApiError {
  constructor(done: number, expected: number) {
    super(
      503,
      undefined,
      `The search index is being built: ${done} of about ${Math.max(expected, done)} users are done. Try again in a moment.`,
      { headers: { 'retry-after': '10' } },
    );
  }
}
