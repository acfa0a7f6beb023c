import { ApiError } from '../../platform/http/errors.ts';

export class ProviderNotFoundError extends ApiError {
  constructor() {
    super(404, 'inexistent_email_provider', 'There is not a configured email provider');
  }
}

export class ProviderExistsError extends ApiError {
  constructor(options: { cause: unknown }) {
    super(409, undefined, 'There is already a configured email provider', options);
  }
}
