import type { SecretBox } from '../platform/secrets/secret-box.ts';
import type { UserDependencies } from '../users/index.ts';
import type { AccountLimits } from './limits.ts';

/** What the use cases of accounts need from outside. `listeners` are told of new users and passwords. */
export interface AccountDependencies extends Pick<UserDependencies, 'database' | 'config' | 'listeners'> {
  readonly secrets: SecretBox;
  /** Origin of the links in mails. */
  readonly publicUrl: string;
  readonly limits: AccountLimits;
}

/** Who asks, as far as a request tells. */
export interface Visitor {
  readonly ip: string;
  readonly userAgent: string;
  /** An `Accept-Language`, for mails. */
  readonly language: string | undefined;
}
