import { ApiError } from '../platform/http/errors.ts';
import type { AdministratorRole } from './roles.ts';

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

/** What somebody signs in by would be changed by a caller who may do less than they may. */
export class ProtectedAccountError extends ApiError {
  constructor(role: AdministratorRole) {
    super(
      403,
      'insufficient_scope',
      `This user has the role ${role}: only who may do as much as they may can change how they sign in.`,
    );
  }
}

/** Without an owner nobody could change the team any more. */
export class LastOwnerError extends ApiError {
  constructor() {
    super(409, 'last_owner', 'This is the last owner. Make somebody else an owner first.');
  }
}
