import { ApiError } from '../platform/http/errors.ts';

export class ConnectionNotFoundError extends ApiError {
  constructor() {
    super(404, 'inexistent_connection', 'The connection does not exist');
  }
}

export class ConnectionNameTakenError extends ApiError {
  constructor(options: { cause: unknown }) {
    super(409, 'connection_conflict', 'A connection with the same name already exists', options);
  }
}

/** `enabled_clients` or a client change names clients that do not exist. */
export class UnknownClientsError extends ApiError {
  constructor(clientIds: readonly string[]) {
    super(400, 'invalid_body', `The following clients do not exist: ${clientIds.join(', ')}`);
  }
}

/** The options contradict each other; the texts are the documented ones. */
export class ConflictingOptionsError extends ApiError {
  constructor(message: string) {
    super(400, 'invalid_body', message);
  }
}

export class NotConnectedError extends ApiError {
  constructor() {
    super(404, undefined, 'The connection is not connected to any node');
  }
}
