import { ApiError } from '../platform/http/errors.ts';

/* The reference gives no `errorCode` with roles (spec management-api §1.2). */

export class RoleNotFoundError extends ApiError {
  constructor() {
    super(404, undefined, 'The role does not exist.');
  }
}

export class RoleNameTakenError extends ApiError {
  constructor(name: string, options: { cause: unknown }) {
    super(409, undefined, `A role named ${name} exists already. Choose another name.`, options);
  }
}
