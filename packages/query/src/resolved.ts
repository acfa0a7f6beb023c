import type { Span } from './tree.ts';

export interface TextEnd {
  readonly text: string;
  readonly isInclusive: boolean;
}

export interface NumberEnd {
  readonly value: number;
  readonly isInclusive: boolean;
}

/** A test whose values have the field's type. Text of folded fields is in lower case. */
export type ResolvedTest =
  | { readonly kind: 'exists' }
  /**
   * A whole value. For a scalar of an open field a stored number or boolean counts by its JSON text, so that `23`
   * finds both 23 and "23"; `number` is there when the text is a number in another spelling (`4.50`), which is also
   * found as JSON writes it (`4.5`).
   */
  | { readonly kind: 'equals'; readonly text: string; readonly number?: number }
  | { readonly kind: 'matches'; readonly pieces: readonly string[] }
  /** By code points; only strings match. */
  | { readonly kind: 'text-range'; readonly lower?: TextEnd; readonly upper?: TextEnd }
  /** Only numbers match. */
  | { readonly kind: 'number-range'; readonly lower?: NumberEnd; readonly upper?: NumberEnd }
  /** Milliseconds since 1970; `from` is included, `before` is not. */
  | { readonly kind: 'instant-range'; readonly from?: number; readonly before?: number }
  | { readonly kind: 'boolean'; readonly value: boolean };

export type ResolvedType = 'text' | 'boolean' | 'number' | 'instant' | 'scalar' | 'free';

export interface ResolvedCondition {
  readonly kind: 'condition';
  /** The field's canonical name; for `scalar` the whole path; empty for `free`, the fields searched by default. */
  readonly field: string;
  readonly type: ResolvedType;
  /** Set when the field belongs to the elements of a list. */
  readonly collection?: string;
  readonly test: ResolvedTest;
  readonly span: Span;
}

/** One element of the collection satisfies every line; a line is satisfied by any of its conditions. */
export interface NestedNode {
  readonly kind: 'nested';
  readonly collection: string;
  readonly lines: readonly (readonly ResolvedCondition[])[];
}

/** A query whose every name and value is known to be right. */
export type ResolvedNode =
  | { readonly kind: 'all' }
  | ResolvedCondition
  | NestedNode
  | { readonly kind: 'and' | 'or'; readonly children: readonly ResolvedNode[] }
  | { readonly kind: 'not'; readonly child: ResolvedNode };
