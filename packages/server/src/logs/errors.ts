import { ApiError, InvalidQueryError } from '../platform/http/errors.ts';

export class LogNotFoundError extends ApiError {
  constructor() {
    super(404, undefined, 'The log event does not exist.');
  }
}

export class UnknownLogSortError extends InvalidQueryError {
  constructor(sort: string) {
    super(
      `Query validation error: 'Cannot sort by ${sort}. Sort by date:1 or date:-1' on property sort (Field to sort by).`,
    );
  }
}
