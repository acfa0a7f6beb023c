import { ApiError } from '../../platform/http/errors.ts';

/** Texts that callers match on (spec users-and-search §11.1). */
const refusals = {
  sameUser: 'Main identity and the new one are the same.',
  unknownConnection: 'The provider/connection is not configured.',
  unknownIdentity: 'Linking to an inexistent identity is not allowed.',
  unknownAccount: 'Provided secondary account not found.',
  invalidToken: 'Invalid token (link_with).',
  wrongAlgorithm: 'JWT (link_with) must have an alg of RS256.',
  noSubject: 'JWT (link_with) must contains sub claim.',
  invalidAudience: 'JWT (link_with) contains an invalid aud claim.',
  wrongIssuer: 'JWT (link_with) must have the same issuer as the calling user.',
  wrongAudience: "JWT (link_with) must have an aud claim that matches that of the calling token's azp.",
  mainIdentity: 'Main identity cannot be removed.',
} as const;

export class LinkRefusedError extends ApiError {
  readonly reason: keyof typeof refusals;

  constructor(reason: LinkRefusedError['reason'], options: { cause?: unknown } = {}) {
    super(400, 'invalid_body', refusals[reason], options);
    this.reason = reason;
  }
}

/** The account belongs to a user as a further identity already. */
export class IdentityAlreadyLinkedError extends ApiError {
  constructor() {
    super(409, 'identity_conflict', 'Specified identity already exists.');
  }
}

/** Unlinking would make a user whose id another one has. */
export class StandaloneUserExistsError extends ApiError {
  constructor(userId: string) {
    super(409, 'identity_conflict', `There is another user ${userId}; delete or link that one first.`);
  }
}

export class IdentityNotFoundError extends ApiError {
  constructor() {
    super(404, 'inexistent_user', 'The user has no such identity.');
  }
}

/** People prove that the other account is theirs by its ID token. */
export class LinkProofRequiredError extends ApiError {
  constructor() {
    super(
      403,
      'insufficient_scope',
      'With a token of your own, link by link_with: the ID token of the account.',
    );
  }
}
