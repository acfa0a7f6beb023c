import { ApiError } from '../platform/http/errors.ts';

/** A valid token whose holder was blocked or deleted since. */
export class SuspendedCallerError extends ApiError {
  constructor() {
    const message = 'The user of this token is blocked or deleted';
    super(401, undefined, message, {
      headers: { 'www-authenticate': 'Bearer' },
      extra: { attributes: { error: message } },
    });
  }
}

export class UnknownUserError extends ApiError {
  constructor() {
    super(404, 'inexistent_user', 'The user does not exist.');
  }
}

/** Without an owner nobody could change the team any more. */
export class LastOwnerError extends ApiError {
  constructor() {
    super(409, 'last_owner', 'This is the last owner. Make somebody else an owner first.');
  }
}
