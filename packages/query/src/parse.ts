import { type Clause, foldClauses } from './fold-clauses.ts';
import { defaultLimits, type QueryLimits } from './limits.ts';
import { isAtClauseEnd, isFieldName, type Operator, readOperator } from './operator.ts';
import { capture, longestSuggestion, type Outcome, refuse, shorten } from './problem.ts';
import { refuseComparison } from './refuse-comparison.ts';
import { Scanner, type Word } from './scanner.ts';
import type { ConditionNode, FieldName, QueryNode, Span, Test } from './tree.ts';

/**
 * Parses a query of the reference's Lucene dialect (spec users-and-search §5.3). Pure and total: any text gives a
 * tree or the first problem in it, with its position.
 */
export function parseQuery(text: string, limits: QueryLimits = defaultLimits): Outcome<QueryNode> {
  return capture(() => new Parser(text, limits).parse());
}

/** What the clauses inside a field group stand for. */
interface Scope {
  readonly field?: FieldName;
  readonly depth: number;
}

class Parser {
  private readonly scanner: Scanner;
  private readonly limits: QueryLimits;
  private conditions = 0;

  constructor(text: string, limits: QueryLimits) {
    if (text.length > limits.length) {
      refuse(
        'too_long',
        { start: limits.length, end: text.length },
        `A query has at most ${limits.length} characters`,
      );
    }
    this.scanner = new Scanner(text);
    this.limits = limits;
  }

  parse(): QueryNode {
    const { scanner } = this;
    scanner.skipSpaces();
    if (scanner.isAtEnd) return { kind: 'all', span: { start: 0, end: scanner.text.length } };
    const node = this.readClauses({ depth: 0 });
    if (!scanner.isAtEnd) this.refuseCloser();
    return node;
  }

  /** Of a closing bracket that nothing opened. */
  private refuseCloser(): never {
    const { scanner } = this;
    const character = scanner.text[scanner.position] ?? '';
    return refuse(
      'syntax',
      scanner.spanOf(character),
      `There is nothing here for ${character} to close`,
      `\\${character}`,
    );
  }

  /** Clauses up to the end of the text or the closing parenthesis. */
  private readClauses(scope: Scope): QueryNode {
    const { scanner } = this;
    const clauses: Clause[] = [];
    for (;;) {
      scanner.skipSpaces();
      if (scanner.isAtEnd || scanner.startsWith(')') || scanner.startsWith(']') || scanner.startsWith('}'))
        break;
      const operator = readOperator(scanner);
      if (operator && clauses.length === 0)
        refuse('syntax', operator.span, `${operator.source} needs a condition before it`);
      clauses.push(this.readClause(scope, operator));
    }
    if (clauses.length === 0) {
      refuse(
        'syntax',
        { start: scanner.position, end: Math.min(scanner.position + 1, scanner.text.length) },
        'A condition is expected here',
      );
    }
    return foldClauses(clauses);
  }

  private readClause(scope: Scope, operator: Operator | undefined): Clause {
    const { scanner } = this;
    scanner.skipSpaces();
    const start = scanner.position;
    let isRequired = false;
    let negations = 0;
    let lastModifier: string | undefined;
    for (;;) {
      scanner.skipSpaces();
      const word = scanner.peekKeyword();
      if (word === 'NOT' && !isFieldName(scanner, word)) scanner.take('NOT');
      else if (scanner.startsWith('!') || scanner.startsWith('-')) scanner.position++;
      else if (scanner.startsWith('+')) {
        isRequired = true;
        scanner.position++;
        lastModifier = '+';
        continue;
      } else break;
      negations++;
      lastModifier = word === 'NOT' ? word : scanner.text[scanner.position - 1];
    }
    const before = lastModifier ?? operator?.source;
    if (before !== undefined && isAtClauseEnd(scanner)) {
      const span = lastModifier === undefined && operator ? operator.span : scanner.spanFrom(start);
      refuse('syntax', span, `${before} needs a condition after it`);
    }
    const node = this.readOperand(scope);
    return {
      joinedBy: operator?.kind ?? 'adjacency',
      isRequired,
      isNegated: negations % 2 === 1,
      node,
      span: scanner.spanFrom(start),
    };
  }

  private readOperand(scope: Scope): QueryNode {
    const { scanner } = this;
    const start = scanner.position;
    if (scanner.startsWith('(')) return this.readGroup(scope, start);
    if (scanner.startsWith('"')) {
      const { text, span } = scanner.readQuoted();
      return this.makeCondition(scope.field, { kind: 'equals', text, isQuoted: true }, start, span);
    }
    if (scanner.startsWith('[') || scanner.startsWith('{'))
      return this.readRangeCondition(scope.field, start);
    const word = this.readValueWord();
    if (!scanner.take(':')) return this.makeWordCondition(scope.field, word, start);
    if (scope.field) {
      refuse(
        'syntax',
        word.span,
        `Inside ${shorten(scope.field.path)}:( … ) only values are expected: escape the colon as \\: or close the group first`,
      );
    }
    return this.readFieldCondition(this.toFieldName(word), scope, start);
  }

  /** Reads what stands after `field:`. */
  private readFieldCondition(field: FieldName, scope: Scope, start: number): QueryNode {
    const { scanner } = this;
    scanner.skipSpaces();
    if (field.path === '_exists_') return this.readExistence(field, start);
    if (field.path === '_missing_') {
      refuse(
        'unsupported',
        field.span,
        '_missing_ is not supported: write NOT _exists_:field',
        'NOT _exists_',
      );
    }
    if (scanner.startsWith('(')) return this.readGroup({ ...scope, field }, start);
    if (scanner.startsWith('[') || scanner.startsWith('{')) return this.readRangeCondition(field, start);
    if (scanner.startsWith('"')) {
      const { text, span } = scanner.readQuoted();
      return this.makeCondition(field, { kind: 'equals', text, isQuoted: true }, start, span);
    }
    const valueStart = scanner.position;
    if (isAtClauseEnd(scanner)) {
      const name = shorten(field.path);
      refuse('syntax', { start, end: field.span.end + 1 }, `A value is expected after ${name}:`);
    }
    scanner.position = valueStart;
    if (scanner.peekKeyword() === 'NOT') this.refuseNegatedValue(start);
    const word = this.readValueWord();
    if (scanner.startsWith(':')) this.refuseColon(word);
    return this.makeWordCondition(field, word, start);
  }

  /** Of `name:NOT jane`, which would otherwise search the word NOT; `start` is the field's place. */
  private refuseNegatedValue(start: number): never {
    const { scanner } = this;
    const field = scanner.text.slice(start, scanner.position);
    scanner.take('NOT');
    scanner.skipSpaces();
    return refuse(
      'syntax',
      scanner.spanFrom(start),
      'NOT stands before the field: NOT field:value; the word itself is escaped as \\NOT',
      field.length <= longestSuggestion ? `NOT ${field}` : undefined,
    );
  }

  /** Of a value that goes on after an unescaped colon. */
  private refuseColon({ span }: Word): never {
    const { scanner } = this;
    const message = 'A colon inside a value is escaped as \\:, or the value is put in quotes';
    const rest = scanner.peekRest();
    const value = scanner.text.slice(span.start, scanner.position) + rest;
    if (rest.length > 1 && value.length < longestSuggestion && !/["\\*]/.test(value))
      refuse('syntax', { start: span.start, end: scanner.position + rest.length }, message, `"${value}"`);
    return refuse('syntax', scanner.spanOf(':'), message, '\\:');
  }

  private readValueWord(): Word {
    const { scanner } = this;
    const start = scanner.position;
    const next = scanner.text[start];
    if (next === '<' || next === '>') refuseComparison(scanner.text, start);
    if (next === '/') {
      refuse(
        'unsupported',
        { start, end: start + 1 },
        'Regular expressions are not supported: escape / as \\/',
        '\\/',
      );
    }
    const word = scanner.readTimestamp() ?? scanner.readWord();
    if (word) return word;
    return refuse(
      'syntax',
      { start, end: Math.min(start + 1, scanner.text.length) },
      next === ':'
        ? 'The name of a field is expected right before the colon: a literal colon is escaped as \\:'
        : 'A condition is expected here',
    );
  }

  private readExistence(marker: FieldName, start: number): ConditionNode {
    const { scanner } = this;
    const span = { start, end: marker.span.end + 1 };
    const quoted = scanner.startsWith('"') ? scanner.readQuoted() : undefined;
    const word = quoted ? { pieces: [quoted.text], source: '', span: quoted.span } : scanner.readWord();
    if (!word || quoted?.text === '')
      refuse('syntax', span, 'The name of a field is expected after _exists_:');
    return this.makeCondition(this.toFieldName(word), { kind: 'exists' }, start, word.span);
  }

  private readRangeCondition(field: FieldName | undefined, start: number): ConditionNode {
    const { span, ...ends } = this.scanner.readRange();
    if (!field) refuse('syntax', span, 'A range belongs to a field: write field:[lower TO upper]');
    return this.makeCondition(field, { kind: 'range', ...ends }, start, span);
  }

  private readGroup(scope: Scope, start: number): QueryNode {
    const { scanner } = this;
    const open = scanner.position;
    if (scope.depth >= this.limits.depth) {
      refuse(
        'too_deep',
        { start: open, end: open + 1 },
        `Parentheses are nested at most ${this.limits.depth} deep`,
      );
    }
    scanner.position++;
    const refuseUnclosed = () =>
      refuse('syntax', { start: open, end: open + 1 }, 'The parenthesis that opens here is never closed');
    scanner.skipSpaces();
    if (scanner.isAtEnd) refuseUnclosed();
    const child = this.readClauses({ ...scope, depth: scope.depth + 1 });
    if (scanner.isAtEnd) refuseUnclosed();
    if (!scanner.take(')')) this.refuseCloser();
    const isFieldGroup = scope.field !== undefined && scanner.text[start] !== '(';
    return {
      kind: 'group',
      ...(isFieldGroup ? { field: scope.field } : {}),
      child,
      span: scanner.spanFrom(start),
    };
  }

  private makeWordCondition(field: FieldName | undefined, word: Word, start: number): QueryNode {
    const [first = '', second] = word.pieces;
    if (second === undefined)
      return this.makeCondition(field, { kind: 'equals', text: first, isQuoted: false }, start, word.span);
    if (word.pieces.every((piece) => piece === '')) {
      if (field) return this.makeCondition(field, { kind: 'exists' }, start, word.span);
      this.count(word.span);
      return { kind: 'all', span: word.span };
    }
    return this.makeCondition(field, { kind: 'matches', pieces: word.pieces }, start, word.span);
  }

  private makeCondition(
    field: FieldName | undefined,
    test: Test,
    start: number,
    valueSpan: Span,
  ): ConditionNode {
    const span = this.scanner.spanFrom(start);
    this.count(span);
    return { kind: 'condition', ...(field ? { field } : {}), test, span, valueSpan };
  }

  private count(span: Span): void {
    this.conditions++;
    if (this.conditions > this.limits.conditions)
      refuse('too_many', span, `A query has at most ${this.limits.conditions} conditions`);
  }

  private toFieldName(word: Word): FieldName {
    const [path = '', second] = word.pieces;
    if (second !== undefined) refuse('syntax', word.span, 'The name of a field cannot contain a wildcard');
    return { path, span: word.span };
  }
}
