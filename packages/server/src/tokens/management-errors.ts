import { ApiError } from '../platform/http/errors.ts';

export class SessionNotFoundError extends ApiError {
  constructor() {
    super(404, 'inexistent_session', 'The session does not exist.');
  }
}

export class RefreshTokenNotFoundError extends ApiError {
  constructor() {
    super(404, 'inexistent_refresh_token', 'The refresh token does not exist.');
  }
}

export class DeviceCredentialExistsError extends ApiError {
  constructor(options: { cause: unknown }) {
    super(409, 'device_credential_conflict', 'The device has such a credential already.', options);
  }
}
