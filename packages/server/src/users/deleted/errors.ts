import { ApiError } from '../../platform/http/errors.ts';

export class DeletedUserNotFoundError extends ApiError {
  constructor() {
    super(404, 'inexistent_user', 'No deleted user has this id, or the time to bring them back is over.');
  }
}

export type TakenName = 'user_id' | 'email' | 'username' | 'phone_number' | 'identity';

/** Somebody else has what the deleted user was known by. */
export class RestoreConflictError extends ApiError {
  constructor(taken: TakenName, options: { cause: unknown }) {
    super(
      409,
      'auth0_idp_error',
      `The ${taken} of the deleted user belongs to another user by now. Change or delete that one first.`,
      options,
    );
  }
}

export class RestoreConnectionGoneError extends ApiError {
  constructor(connection: string) {
    super(409, 'operation_not_supported', `The connection ${connection} of the deleted user is gone.`);
  }
}
