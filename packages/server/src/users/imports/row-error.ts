/** Why a row of an import was refused; `code` is one of spec users-and-search §9.6. */
export interface RowError {
  readonly code: RowErrorCode;
  readonly message: string;
  /** The attribute, such as `mfa_factors[0].totp.secret`. */
  readonly path?: string;
}

export type RowErrorCode =
  | 'ANY_OF_MISSING'
  | 'ARRAY_LENGTH_LONG'
  | 'ARRAY_LENGTH_SHORT'
  | 'CONFLICT'
  | 'CONFLICT_EMAIL'
  | 'CONFLICT_USERNAME'
  | 'CONNECTION_NOT_FOUND'
  | 'DUPLICATED_USER'
  | 'ENUM_MISMATCH'
  | 'FORMAT'
  | 'INVALID_TYPE'
  | 'MAX_LENGTH'
  | 'MAXIMUM'
  | 'MIN_LENGTH'
  | 'MINIMUM'
  | 'NOT_PASSED'
  | 'OBJECT_ADDITIONAL_PROPERTIES'
  | 'OBJECT_MISSING_REQUIRED_PROPERTY'
  | 'OBJECT_REQUIRED'
  | 'PATTERN'
  | 'PROFILE_SIZE_EXCEEDED'
  | 'ROLE_NOT_FOUND';

/** What became of a row, once and for all. */
export interface RowFate {
  /** From 1. */
  readonly row: number;
  readonly line: number;
  readonly fate: 'inserted' | 'updated' | 'unchanged' | 'failed';
  readonly userId?: string;
  /** Attributes of an upsert that only an insert takes, or that came too late. */
  readonly ignored?: readonly string[];
  readonly errors?: readonly RowError[];
  /** What the file said, for failed rows; secrets are masked where it is kept. */
  readonly source?: Readonly<Record<string, unknown>>;
}
