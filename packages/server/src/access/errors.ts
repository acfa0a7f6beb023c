import { ApiError, InvalidBodyError } from '../platform/http/errors.ts';

/* The reference gives no `errorCode` with roles (spec management-api §1.2). */

export class RoleNotFoundError extends ApiError {
  constructor() {
    super(404, undefined, 'The role does not exist.');
  }
}

/** A body names a role that does not exist. */
export class UnknownRoleError extends InvalidBodyError {
  constructor(id: string) {
    super(`Payload validation error: 'There is no role ${id}' on property roles (IDs of the roles).`);
  }
}

export class RoleNameTakenError extends ApiError {
  constructor(name: string, options: { cause: unknown }) {
    super(409, undefined, `A role named ${name} exists already. Choose another name.`, options);
  }
}
