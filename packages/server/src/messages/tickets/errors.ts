import { ApiError } from '../../platform/http/errors.ts';

/** What the body names would be a 404 in a path. */
export class UnknownClientError extends ApiError {
  constructor() {
    super(400, 'inexistent_client', 'The client does not exist');
  }
}

export class UnknownConnectionError extends ApiError {
  constructor() {
    super(400, 'inexistent_connection', 'The connection does not exist');
  }
}

export class UnknownOrganizationError extends ApiError {
  constructor() {
    super(400, undefined, 'The organization does not exist.');
  }
}

const reasons = {
  'main connection': "The user's main connection does not support this operation.",
  connection: 'Connection must be a database connection.',
  identity: 'The user exists, but does not contain the given identity.',
  address: 'The user does not have an email address.',
  template: 'The template reset_email is switched off, or the address cannot be mailed to.',
} as const;

/** The user cannot have such a ticket; the texts are the documented ones. */
export class UnsupportedTicketError extends ApiError {
  constructor(reason: keyof typeof reasons) {
    super(400, 'operation_not_supported', reasons[reason]);
  }
}
