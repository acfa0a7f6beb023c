import type { Bound, ConditionNode, QueryNode } from './tree.ts';

/** How tightly a node binds; a child that binds more loosely than its parent is put in parentheses. */
const precedence = { or: 0, and: 1, not: 2, group: 3, condition: 3, all: 3 } as const;

/**
 * Writes a tree as text that parses to the same tree, parentheses added where a tree was built without them. With
 * these and the escapes a query at its limits can become one that is beyond them.
 */
export function printQuery(node: QueryNode): string {
  return printNode(node, false);
}

function printNode(node: QueryNode, isInsideFieldGroup: boolean): string {
  switch (node.kind) {
    case 'all':
      return '*';
    case 'condition':
      return printCondition(node, isInsideFieldGroup);
    case 'not':
      return `NOT ${printChild(node.child, precedence.group, isInsideFieldGroup)}`;
    case 'and':
    case 'or':
      return node.children
        .map((child) => printChild(child, precedence[node.kind] + 1, isInsideFieldGroup))
        .join(node.kind === 'and' ? ' AND ' : ' OR ');
    case 'group':
      return node.field
        ? `${escapeWord(node.field.path)}:(${printNode(node.child, true)})`
        : `(${printNode(node.child, isInsideFieldGroup)})`;
  }
}

function printChild(child: QueryNode, atLeast: number, isInsideFieldGroup: boolean): string {
  const text = printNode(child, isInsideFieldGroup);
  return precedence[child.kind] < atLeast ? `(${text})` : text;
}

function printCondition({ field, test }: ConditionNode, isInsideFieldGroup: boolean): string {
  const prefix = field && !isInsideFieldGroup ? `${escapeWord(field.path)}:` : '';
  switch (test.kind) {
    case 'exists':
      return isInsideFieldGroup ? '*' : `_exists_:${escapeWord(field?.path ?? '')}`;
    case 'equals':
      return `${prefix}${test.isQuoted ? quote(test.text) : escapeTerm(test.text)}`;
    case 'matches':
      return `${prefix}${test.pieces.map(escapeWord).join('*')}`;
    case 'range': {
      const opening = test.lower && !test.lower.isInclusive ? '{' : '[';
      const closing = test.upper && !test.upper.isInclusive ? '}' : ']';
      return `${prefix}${opening}${printBound(test.lower)} TO ${printBound(test.upper)}${closing}`;
    }
  }
}

/** A bare term that reads as an operator is escaped, and one that has no characters is a phrase. */
function escapeTerm(text: string): string {
  if (text === '') return '""';
  return /^(AND|OR|NOT)$/.test(text) ? `\\${text}` : escapeWord(text);
}

/** Escapes every character that has a meaning in a word. */
export function escapeWord(text: string): string {
  return text.replaceAll(/[\s+\-=&|><!(){}[\]^"~*?:\\/]/g, '\\$&');
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

function printBound(bound: Bound | undefined): string {
  if (!bound) return '*';
  return bound.isQuoted || bound.text === ''
    ? quote(bound.text)
    : bound.text.replaceAll(/[\s"()[\]{}*\\]/g, '\\$&');
}
