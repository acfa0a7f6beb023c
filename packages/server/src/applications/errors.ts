import { ApiError } from '../platform/http/errors.ts';

export class ClientNotFoundError extends ApiError {
  constructor() {
    super(404, 'inexistent_client', 'The client does not exist');
  }
}

export class ClientAliasTakenError extends ApiError {
  constructor(options: { cause: unknown }) {
    super(409, 'validation_error', 'A client with one of these aliases already exists', options);
  }
}

export class GlobalClientError extends ApiError {
  constructor() {
    super(400, 'operation_not_supported', 'The global client cannot be deleted.');
  }
}

export class ClientGrantNotFoundError extends ApiError {
  constructor() {
    super(404, 'inexistent_client_grant', 'The grant does not exist.');
  }
}

export class ClientGrantExistsError extends ApiError {
  constructor(options: { cause: unknown }) {
    super(
      409,
      'client_grant_conflict',
      'A resource with the same client_id, audience and subject_type already exists.',
      options,
    );
  }
}

export class ResourceServerNotFoundError extends ApiError {
  constructor() {
    super(404, 'inexistent_resource_server', 'The resource server does not exist');
  }
}

export class ResourceServerExistsError extends ApiError {
  constructor(options: { cause: unknown }) {
    super(
      409,
      'resource_server_conflict',
      'A resource server with the same identifier already exists',
      options,
    );
  }
}

export class SystemResourceServerError extends ApiError {
  constructor() {
    super(400, 'operation_not_supported', 'System APIs cannot be changed or deleted.');
  }
}

export class SystemClientGrantError extends ApiError {
  constructor() {
    super(400, 'operation_not_supported', 'System grants cannot be changed or deleted.');
  }
}

/** Clients of some kinds are no machines of their own. */
export class UnsuitableClientError extends ApiError {
  constructor(appType: string) {
    super(400, 'validation_error', `Client of type ${appType} cannot be used`);
  }
}

/** The token's scopes do not cover these properties of a client. */
export class ForbiddenClientFieldsError extends ApiError {
  constructor(fields: readonly string[]) {
    super(403, 'insufficient_scope', `You cannot update the following fields: ${fields.join(', ')}`);
  }
}

/** Through a client or a grant the caller would get hold of scopes that they do not have. */
export class BeyondReachError extends ApiError {
  constructor(missing: readonly string[]) {
    const named = missing.slice(0, 10).join(',') + (missing.length > 10 ? ', …' : '');
    super(
      403,
      'insufficient_scope',
      `Insufficient scope: this takes scopes of the Management API that you do not have: ${named}`,
    );
  }
}

/** `fields` names what the token's scopes do not let the caller read. */
export class UnreadableFieldsError extends ApiError {
  constructor() {
    super(
      403,
      'insufficient_scope',
      'Some fields cannot be read with the permissions granted by the bearer token scopes',
    );
  }
}
