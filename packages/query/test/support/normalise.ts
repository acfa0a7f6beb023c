import type { FieldName, QueryNode, Test } from '../../src/index.ts';

/** A tree without positions, as plain data to compare. */
export type Shape =
  | { readonly kind: 'all' }
  | { readonly kind: 'condition'; readonly field?: string; readonly test: unknown }
  | { readonly kind: 'and' | 'or'; readonly children: readonly Shape[] }
  | { readonly kind: 'not'; readonly child: Shape }
  | { readonly kind: 'group'; readonly field?: string; readonly child: Shape };

/** Leaves out the spans. */
export function toShape(node: QueryNode): Shape {
  switch (node.kind) {
    case 'all':
      return { kind: 'all' };
    case 'condition':
      return { kind: 'condition', ...nameOf(node.field), test: withoutSpans(node.test) };
    case 'and':
    case 'or':
      return { kind: node.kind, children: node.children.map(toShape) };
    case 'not':
      return { kind: 'not', child: toShape(node.child) };
    case 'group':
      return { kind: 'group', ...nameOf(node.field), child: toShape(node.child) };
  }
}

/** Leaves out plain parentheses, whose places the shape alone already tells. */
export function withoutGroups(shape: Shape): Shape {
  switch (shape.kind) {
    case 'all':
    case 'condition':
      return shape;
    case 'and':
    case 'or':
      return { kind: shape.kind, children: shape.children.map(withoutGroups) };
    case 'not':
      return { kind: 'not', child: withoutGroups(shape.child) };
    case 'group': {
      const child = withoutGroups(shape.child);
      return shape.field === undefined ? child : { ...shape, child };
    }
  }
}

/** A tree as a short line: `or(a, and(not(b), name:c))`. */
export function outline(node: QueryNode): string {
  switch (node.kind) {
    case 'all':
      return '*';
    case 'condition':
      return `${node.field ? `${node.field.path}:` : ''}${outlineTest(node.test)}`;
    case 'and':
    case 'or':
      return `${node.kind}(${node.children.map(outline).join(', ')})`;
    case 'not':
      return `not(${outline(node.child)})`;
    case 'group':
      return `${node.field ? `${node.field.path}:` : ''}<${outline(node.child)}>`;
  }
}

function outlineTest(test: Test): string {
  switch (test.kind) {
    case 'exists':
      return 'exists';
    case 'equals':
      return test.isQuoted ? JSON.stringify(test.text) : test.text;
    case 'matches':
      return test.pieces.join('*');
    case 'range':
      return `${test.lower?.isInclusive ? '[' : '{'}${test.lower?.text ?? ''}..${test.upper?.text ?? ''}${test.upper?.isInclusive ? ']' : '}'}`;
  }
}

function nameOf(field: FieldName | undefined): { field?: string } {
  return field ? { field: field.path } : {};
}

function withoutSpans(test: Test): unknown {
  if (test.kind !== 'range') return test;
  const bare = (end: 'lower' | 'upper') => {
    const bound = test[end];
    return bound && { [end]: [bound.text, bound.isQuoted, bound.isInclusive] };
  };
  return { kind: 'range', ...bare('lower'), ...bare('upper') };
}
