import { ApiError, InvalidBodyError } from '../platform/http/errors.ts';
import type { StrengthVerdict } from './passwords/policy.ts';

export class UserNotFoundError extends ApiError {
  constructor() {
    super(404, 'inexistent_user', 'The user does not exist.');
  }
}

/** On creation: the id, e-mail address, username or phone number is taken in the connection. */
export class UserAlreadyExistsError extends ApiError {
  readonly taken: 'user_id' | 'email' | 'username' | 'phone_number';

  constructor(taken: UserAlreadyExistsError['taken'], options: { cause: unknown }) {
    super(409, 'auth0_idp_error', 'The user already exists.', options);
    this.taken = taken;
  }
}

const takenTexts = {
  email: 'The specified new email already exists',
  username: 'The username provided is in use already.',
  phone_number: 'The specified new phone number already exists',
} as const;

/** On update: 400, not 409 (spec management-api §1.2). */
export class IdentifierTakenError extends ApiError {
  constructor(identifier: keyof typeof takenTexts, options: { cause: unknown }) {
    super(400, 'auth0_idp_error', takenTexts[identifier], options);
  }
}

/** The body names a connection that does not exist; in a path it would be a 404. */
export class UnknownConnectionError extends ApiError {
  constructor(options: { cause?: unknown } = {}) {
    super(400, 'inexistent_connection', 'The connection does not exist.', options);
  }
}

/** A change that the connection, or the combination of attributes, does not allow. */
export class OperationNotSupportedError extends ApiError {
  constructor(message: string) {
    super(400, 'operation_not_supported', message);
  }
}

/** The token may change this user, but not these attributes. */
export class ForbiddenFieldsError extends ApiError {
  constructor(fields: readonly string[]) {
    super(403, 'insufficient_scope', `You cannot update the following fields: ${fields.join(', ')}`);
  }
}

export class ProfileTooLargeError extends ApiError {
  constructor(size: number, limit: number) {
    super(
      400,
      'invalid_body',
      `The profile would take ${size} bytes; the limit is ${limit}. The operator sets it by MUSTER_PROFILE_LIMIT.`,
    );
  }
}

export class PictureTooLargeError extends ApiError {
  constructor(limit: number) {
    super(413, 'payload_too_large', `A picture has at most ${limit} bytes. Send a smaller one.`, {
      headers: { connection: 'close' },
    });
  }
}

export class UnknownPictureError extends InvalidBodyError {
  constructor() {
    super('The body is no PNG, JPEG, GIF or WebP.');
  }
}

/** The names that callers match on, with the documented texts (spec users-and-search §8.6). */
const passwordTexts = {
  PasswordStrengthError: 'Password is too weak',
  PasswordHistoryError: 'Password has previously been used',
  PasswordDictionaryError: 'Password is too common',
  PasswordNoUserInfoError: 'Password contains user information',
} as const;

export type PasswordRefusal = keyof typeof passwordTexts;

export class PasswordRefusedError extends ApiError {
  readonly reason: PasswordRefusal;
  /** What the password was held against; with `PasswordStrengthError`. */
  readonly verdict: StrengthVerdict | undefined;

  constructor(reason: PasswordRefusal, verdict?: StrengthVerdict) {
    super(
      400,
      reason === 'PasswordStrengthError' ? 'auth0_password_strength_error' : undefined,
      `${reason}: ${passwordTexts[reason]}`,
    );
    this.reason = reason;
    this.verdict = verdict;
  }

  /** The text without the name, for people. */
  get text(): string {
    return passwordTexts[this.reason];
  }
}
