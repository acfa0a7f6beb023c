import type { ResolvedTest } from '@muster/query';
import { toLikePattern } from '../../platform/database/like-pattern.ts';
import type { IndexNode, RoleColumn } from './index-node.ts';

type RoleNode = Extract<IndexNode, { kind: 'roles' }>;

/** A condition on the names or the ids of a user's roles. Which roles these are is found out together with the users. */
export function compileRole(field: 'role' | 'role_id', test: ResolvedTest): IndexNode {
  const column = field === 'role' ? 'folded_name' : 'id';
  switch (test.kind) {
    case 'equals':
      return { kind: 'roles', test: { kind: 'any-of', column, values: [test.text] } };
    case 'matches':
      return { kind: 'roles', test: { kind: 'like', column, pattern: toLikePattern(test.pieces) } };
    default:
      return {
        kind: 'and',
        children: [
          { kind: 'roles', test: { kind: 'present' } },
          { kind: 'not', child: { kind: 'roles', test: { kind: 'gone' } } },
        ],
      };
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
