import type { Scanner } from './scanner.ts';
import type { Span } from './tree.ts';

/** What is written between two clauses. */
export interface Operator {
  readonly kind: 'and' | 'or';
  readonly source: string;
  readonly span: Span;
}

/** Whether the word that stands here is followed by a colon, and so names a field. */
export function isFieldName(scanner: Scanner, word: string): boolean {
  return scanner.text[scanner.position + word.length] === ':';
}

/** @returns `undefined` when no operator stands here */
export function readOperator(scanner: Scanner): Operator | undefined {
  const source = peekOperator(scanner);
  if (source === undefined) return undefined;
  const span = scanner.spanOf(source);
  scanner.take(source);
  return { kind: source === 'AND' || source === '&&' ? 'and' : 'or', source, span };
}

/** Whether nothing more can belong to a clause; steps over the spaces before that. */
export function isAtClauseEnd(scanner: Scanner): boolean {
  scanner.skipSpaces();
  return scanner.isAtEnd || scanner.startsWith(')') || peekOperator(scanner) !== undefined;
}

function peekOperator(scanner: Scanner): string | undefined {
  if (scanner.startsWith('&&')) return '&&';
  if (scanner.startsWith('||')) return '||';
  const word = scanner.peekKeyword();
  return (word === 'AND' || word === 'OR') && !isFieldName(scanner, word) ? word : undefined;
}
