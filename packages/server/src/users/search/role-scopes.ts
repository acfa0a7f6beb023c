import { ApiError } from '../../platform/http/errors.ts';
import type { IndexNode } from './index-node.ts';

/** What shows who has which role needs these beside `read:users`. */
export const roleScopes: readonly string[] = ['read:roles', 'read:role_members'];

export function mayReadRoles(scopes: ReadonlySet<string>): boolean {
  return roleScopes.every((scope) => scopes.has(scope));
}

/** @throws ApiError 403 where one of them is missing */
export function requireRoleScopes(scopes: ReadonlySet<string>): void {
  const missing = roleScopes.filter((scope) => !scopes.has(scope));
  if (missing.length > 0)
    throw new ApiError(
      403,
      'insufficient_scope',
      `Insufficient scope, expected any of: ${missing.join(',')}`,
    );
}

/** Whether a search tells who has which role: by whom it finds. */
export function asksForRoles(node: IndexNode): boolean {
  switch (node.kind) {
    case 'roles':
      return true;
    case 'and':
    case 'or':
      return node.children.some(asksForRoles);
    case 'not':
      return asksForRoles(node.child);
    default:
      return false;
  }
}
