/** Bounds that keep one query from being an attack on the parser or the database. */
export interface QueryLimits {
  /** UTF-16 units. */
  readonly length: number;
  /** Parentheses within parentheses. */
  readonly depth: number;
  /** Conditions in all. */
  readonly conditions: number;
  /** Conditions with a wildcard or a range, which cost more than whole values. */
  readonly patterns: number;
  /** Lists to be looked up: values of one field joined by OR are one, any other condition is one of its own. */
  readonly lists: number;
}

export const defaultLimits: QueryLimits = {
  length: 2_000_000,
  depth: 40,
  conditions: 20_000,
  patterns: 100,
  lists: 200,
};
