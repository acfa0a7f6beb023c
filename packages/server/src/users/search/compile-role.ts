import type { ResolvedTest } from '@muster/query';
import { toLikePattern } from '../../platform/database/like-pattern.ts';
import type { IndexNode, RoleColumn, RoleTest } from './index-node.ts';

type RoleNode = Extract<IndexNode, { kind: 'roles' }>;

/** A condition on the names or the ids of a user's roles. Which roles these are is found out together with the users. */
export function compileRole(field: 'role' | 'role_id', test: ResolvedTest): RoleNode {
  return { kind: 'roles', test: toRoleTest(field === 'role' ? 'folded_name' : 'id', test) };
}

function toRoleTest(column: RoleColumn, test: ResolvedTest): RoleTest {
  switch (test.kind) {
    case 'equals':
      return { kind: 'any-of', column, values: [test.text] };
    case 'matches':
      return { kind: 'like', column, pattern: toLikePattern(test.pieces) };
    default:
      return { kind: 'present' };
  }
}

/** Alternatives: whole values of one column become a list. */
export function joinRoles(nodes: readonly RoleNode[]): readonly RoleNode[] {
  const values = new Map<RoleColumn, Set<string>>();
  const others: RoleNode[] = [];
  for (const node of nodes) {
    const { test } = node;
    if (test.kind !== 'any-of') {
      others.push(node);
      continue;
    }
    const known = values.get(test.column) ?? new Set();
    for (const value of test.values) known.add(value);
    values.set(test.column, known);
  }
  const lists = [...values].map(
    ([column, known]): RoleNode => ({ kind: 'roles', test: { kind: 'any-of', column, values: [...known] } }),
  );
  return [...lists, ...others];
}
