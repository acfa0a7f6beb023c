/** What one field holds and how it is compared. */
export type FieldType =
  /** Compared as a whole; `isFolded`: without regard to case. */
  | { readonly kind: 'text'; readonly isFolded: boolean; readonly hasRange: boolean }
  /** Text that is compared exactly and as a whole only, without wildcards and ranges. */
  | { readonly kind: 'keyword' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'number' }
  /** An instant; a partial date stands for its period. */
  | { readonly kind: 'instant' };

export interface FieldDefinition {
  readonly type: FieldType;
  /** Another name of the same field that this one stands for. */
  readonly aliasOf?: string;
  /** Name of the list whose elements have this field, for conditions that must hold for one element. */
  readonly collection?: string;
}

/** The fields of one kind of record: what resolving a query needs to know of it. */
export interface SearchSchema {
  readonly fields: Readonly<Record<string, FieldDefinition>>;
  /** Objects of any content, whose scalars are found by path: `user_metadata` makes `user_metadata.a.b` a field. */
  readonly openFields: Readonly<Record<string, { readonly collection?: string }>>;
  /** Known names that cannot be searched, and what to do instead. */
  readonly refusedFields: Readonly<Record<string, string>>;
}
