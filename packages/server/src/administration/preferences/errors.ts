import { ApiError } from '../../platform/http/errors.ts';

/** A machine chooses nothing for itself. */
export class PersonRequiredError extends ApiError {
  constructor() {
    super(
      403,
      'unowned_resource',
      'Preferences are those of a person. Send the token of a user, not of an application.',
    );
  }
}
