import { STATUS_CODES } from 'node:http';
import type { ErrorCode } from '@muster/contract';

/**
 * A refusal that the caller is told about: the status, the documented `errorCode` and a message that says
 * what was wrong and what to do. Modules subclass it in their `errors.ts`, one class per meaning.
 */
export class ApiError extends Error {
  readonly statusCode: number;
  readonly errorCode: ErrorCode | undefined;
  /** Response headers that belong to the refusal, such as `WWW-Authenticate`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Further keys of the body. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    statusCode: number,
    errorCode: ErrorCode | undefined,
    message: string,
    options: { headers?: Record<string, string>; extra?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.statusCode = statusCode;
    this.errorCode = errorCode;
    this.headers = options.headers ?? {};
    this.extra = options.extra ?? {};
  }

  /** The documented envelope: `{ statusCode, error, message, errorCode? }`. */
  toBody(): { statusCode: number; error: string; message: string; errorCode?: string } {
    return {
      statusCode: this.statusCode,
      error: STATUS_CODES[this.statusCode] ?? 'Error',
      message: this.message,
      ...(this.errorCode ? { errorCode: this.errorCode } : {}),
      ...this.extra,
    };
  }
}

/** A user's own token was used on somebody else. */
export class UnownedResourceError extends ApiError {
  constructor() {
    super(403, 'unowned_resource', 'User to be acted on does not match subject in bearer token.');
  }
}

/** 400 `invalid_body`: the body fits its schema but breaks a rule; the message names the property. */
export class InvalidBodyError extends ApiError {
  constructor(message: string) {
    super(400, 'invalid_body', message);
  }
}

/** 400 `invalid_query_string`: a query parameter that cannot be understood. */
export class InvalidQueryError extends ApiError {
  constructor(message: string) {
    super(400, 'invalid_query_string', message);
  }
}

/** 412: the record changed since the caller read it. */
export class PreconditionFailedError extends ApiError {
  constructor() {
    super(
      412,
      'precondition_failed',
      'The record was changed since the version in If-Match was read. Read it again and retry.',
    );
  }
}

/** 404 without an `errorCode`, for a route or a record of no documented code. */
export class NotFoundError extends ApiError {
  constructor(message = 'Not Found') {
    super(404, undefined, message);
  }
}
