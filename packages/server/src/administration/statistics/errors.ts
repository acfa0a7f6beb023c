import { InvalidQueryError } from '../../platform/http/errors.ts';

export class InvalidDayError extends InvalidQueryError {
  constructor(name: string, text: string) {
    super(`Query validation error: 'Invalid value "${text}"' on property ${name} (A day as YYYYMMDD).`);
  }
}

export class ReversedRangeError extends InvalidQueryError {
  constructor() {
    super(
      "Query validation error: 'from is later than to' on property from (First day, YYYYMMDD, inclusive).",
    );
  }
}

export class RangeTooLongError extends InvalidQueryError {
  constructor(maximumDays: number) {
    super(
      `Query validation error: 'The range is longer than ${maximumDays} days' on property from (First day, YYYYMMDD, inclusive).`,
    );
  }
}
