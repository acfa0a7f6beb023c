import { ApiError } from '../../platform/http/errors.ts';

/** 503: PostgreSQL ended the search at its time limit. */
export class SearchTimeoutError extends ApiError {
  constructor(options: { cause: unknown }) {
    super(
      503,
      'search_timeout',
      'The query exceeded the timeout. Please try refining your search criteria: name a field, use whole values or a longer part of the text, or leave out include_totals. docs/search.md says what each form costs.',
      options,
    );
  }
}

/** 503: so many searches were under way that this one had no turn within its time. */
export class SearchOverloadError extends ApiError {
  constructor() {
    super(
      503,
      'search_timeout',
      'The query exceeded the timeout: too many expensive searches are under way. Try again in a moment, with fewer at a time.',
      { headers: { 'retry-after': '1' } },
    );
  }
}

/** The client left before its search was through; nobody reads this. */
export class SearchAbandonedError extends ApiError {
  constructor(options: { cause?: unknown } = {}) {
    super(503, 'search_timeout', 'The search was given up: its client has left.', options);
  }
}

/** 503: the entries are being made, as after an upgrade; a shorter answer would be a wrong one. */
export class SearchIndexIncompleteError extends ApiError {
  constructor(done: number, expected: number) {
    super(
      503,
      'search_index_incomplete',
      `The search index is being built: ${done} of about ${Math.max(expected, done)} users are done. Try again in a moment.`,
      { headers: { 'retry-after': '10' } },
    );
  }
}
