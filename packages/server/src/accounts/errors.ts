import type { PasswordRefusedError, UserAlreadyExistsError } from '../users/index.ts';
import { describeRules } from '../users/index.ts';

/** What widgets may mark as wrong. */
export type AccountField = 'email' | 'username' | 'phone_number' | 'password';

/**
 * A refusal in the form of the sign-up endpoint (spec authentication-and-extensibility §1.1): `name`, `code`,
 * `description`, `statusCode`, without the `error` of OAuth answers, which clients would read first.
 */
export class AccountRefusal extends Error {
  readonly statusCode = 400;
  readonly code: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly field: AccountField | undefined;

  /** @param text for people; the body's `description` unless `body` has another */
  constructor(
    code: string,
    text: string,
    options: {
      readonly body?: Readonly<Record<string, unknown>>;
      readonly field?: AccountField;
      readonly cause?: unknown;
    } = {},
  ) {
    super(text, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.field = options.field;
    this.body = options.body ?? {
      name: 'BadRequestError',
      code,
      description: text,
      statusCode: this.statusCode,
    };
  }
}

/** The generic refusal. Without a text it says nothing about why: somebody may have the address. */
export function invalidSignUp(text = 'Invalid sign up', cause?: unknown): AccountRefusal {
  return new AccountRefusal('invalid_signup', text, { cause });
}

/** The connection lets only administrators make users. */
export function signUpDisabled(): AccountRefusal {
  const text = 'public signup is disabled';
  return new AccountRefusal('invalid_signup', text, { body: { error: text } });
}

/**
 * The identifier is somebody's.
 * @param tells whether the tenant wants that to be known (`enable_public_signup_user_exists_error`)
 */
export function identifierTaken(cause: UserAlreadyExistsError, tells: boolean): AccountRefusal {
  if (!tells) return invalidSignUp(undefined, cause);
  if (cause.taken === 'username') {
    const text = 'The username provided is in use already.';
    return new AccountRefusal('username_exists', text, { field: 'username', cause });
  }
  const field = cause.taken === 'user_id' ? {} : { field: cause.taken };
  return new AccountRefusal('user_exists', 'The user already exists.', { ...field, cause });
}

const passwordCodes = {
  PasswordStrengthError: 'invalid_password',
  PasswordHistoryError: 'invalid_password',
  PasswordDictionaryError: 'password_dictionary_error',
  PasswordNoUserInfoError: 'password_no_user_info_error',
} as const;

/** The policy refused the password; a weak one comes with every rule in `description`, and as text in `policy`. */
export function passwordRefused(cause: PasswordRefusedError): AccountRefusal {
  const { reason, verdict, text } = cause;
  const code = passwordCodes[reason];
  return new AccountRefusal(code, text, {
    body: {
      name: reason,
      code,
      message: text,
      description: verdict ?? text,
      ...(verdict ? { policy: describeRules(verdict.rules) } : {}),
      statusCode: 400,
    },
    field: 'password',
    cause,
  });
}

/** Beyond any policy: a limit of the work that a hash takes. */
export function passwordTooLong(): AccountRefusal {
  return new AccountRefusal('invalid_password', 'Password is too long', { field: 'password' });
}
