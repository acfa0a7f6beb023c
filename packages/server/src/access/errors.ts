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

/** No API of this identifier defines such a scope. */
export class PermissionNotFoundError extends ApiError {
  constructor({ identifier, name }: { readonly identifier: string; readonly name: string }) {
    super(
      404,
      'inexistent_resource_server_permission',
      `This permission does not exist: '${identifier} - ${name}'`,
    );
  }
}

/** Who may do what at the Management API is for roles of the dashboard and client grants alone. */
export class SystemPermissionError extends ApiError {
  constructor() {
    super(
      400,
      'operation_not_supported',
      'Scopes of the Management API are given to people by their role in the dashboard: PUT /administrators/{id}.',
    );
  }
}

export class RoleNameTakenError extends ApiError {
  constructor(name: string, options: { cause: unknown }) {
    super(409, undefined, `A role named ${name} exists already. Choose another name.`, options);
  }
}
