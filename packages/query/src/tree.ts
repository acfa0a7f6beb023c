/** A stretch of the query's text in UTF-16 units, `end` exclusive: what an editor underlines. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A field as it was written: its keys joined by dots, escapes resolved. */
export interface FieldName {
  readonly path: string;
  readonly span: Span;
}

/** One end of a range. */
export interface Bound {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly isInclusive: boolean;
  readonly span: Span;
}

export type Test =
  /** The field has a value: `_exists_:field` or `field:*`. */
  | { readonly kind: 'exists' }
  /** The whole value: `field:term` or `field:"a phrase"`. */
  | { readonly kind: 'equals'; readonly text: string; readonly isQuoted: boolean }
  /** The literal pieces between the wildcards, at least two: `j*` is `['j', '']`. */
  | { readonly kind: 'matches'; readonly pieces: readonly string[] }
  /** An absent end is open. */
  | { readonly kind: 'range'; readonly lower?: Bound; readonly upper?: Bound };

/** A test of one field, or of the fields that are searched when none is named. */
export interface ConditionNode {
  readonly kind: 'condition';
  readonly field?: FieldName;
  readonly test: Test;
  readonly span: Span;
  /** Where the value stands, for messages about it. */
  readonly valueSpan: Span;
}

/** Everything: an empty query or a lone `*`. */
export interface AllNode {
  readonly kind: 'all';
  readonly span: Span;
}

export interface JunctionNode {
  readonly kind: 'and' | 'or';
  /** Two or more. */
  readonly children: readonly QueryNode[];
  readonly span: Span;
}

export interface NotNode {
  readonly kind: 'not';
  readonly child: QueryNode;
  readonly span: Span;
}

/** Parentheses. With a `field`, a field group: `name:(a OR b)`, whose conditions carry that field each. */
export interface GroupNode {
  readonly kind: 'group';
  readonly field?: FieldName;
  readonly child: QueryNode;
  readonly span: Span;
}

/** A query as it was written, after precedence, the implicit OR and the `+`/`-` rules have been applied. */
export type QueryNode = AllNode | ConditionNode | JunctionNode | NotNode | GroupNode;
