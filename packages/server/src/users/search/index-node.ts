/**
 * A query in terms of the index, between the language and SQL. Every node but the `not` is answered from an index
 * of its own: an inverted list, a column's B-tree or the B-tree of metadata values.
 */
export type IndexNode =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  /** Entries with any of these hashed terms; each other entry has one of `othersHave`, where that is known. */
  | {
      readonly kind: 'terms';
      readonly anyOf: readonly string[];
      readonly othersHave?: readonly string[];
      /** The same entries by the keys of their values, which are quicker to count. */
      readonly keys?: ValueKeys;
      /** The same entries are those of users whose primary identity, or a linked one, is in these connections. */
      readonly connections?: ConnectionList;
    }
  | { readonly kind: 'column'; readonly column: TextColumn | OrderedColumn; readonly test: ColumnTest }
  /** Part of the address after the last @, matched by a LIKE pattern. */
  | { readonly kind: 'email-domain'; readonly like: string; readonly runs: readonly string[] }
  /** Entries with a metadata value in any of the stretches of keys. */
  | {
      readonly kind: 'values';
      readonly stretches: readonly KeyStretch[];
      /** LIKE pattern of the value's text, and its literal runs that narrow an infix search. */
      readonly text?: { readonly like: string; readonly runs: readonly string[] };
    }
  /** Users with an identity in a connection whose name, or whose provider, is like the pattern. */
  | { readonly kind: 'connections'; readonly field: 'name' | 'strategy'; readonly like: string }
  /** Users with a role for which the test holds. Names are compared in lower case. */
  | { readonly kind: 'roles'; readonly test: RoleTest }
  /** Users with an identity whose columns satisfy all the tests. */
  | { readonly kind: 'identity'; readonly tests: readonly IdentityTest[] }
  /** Every child holds of one identity: for users with one only, that each holds. */
  | { readonly kind: 'same-identity'; readonly child: IndexNode; readonly tests: readonly IdentityTest[] }
  /** The rest of the child's entries: each test holds of some identity, and of none all do. */
  | {
      readonly kind: 'different-identities';
      readonly child: IndexNode;
      readonly tests: readonly IdentityTest[];
    }
  | { readonly kind: 'and' | 'or'; readonly children: readonly IndexNode[] }
  | { readonly kind: 'not'; readonly child: IndexNode };

/** Connections with these names, or of these strategies. */
export interface ConnectionList {
  readonly field: 'name' | 'strategy';
  readonly values: readonly string[];
}

export type TextColumn =
  | 'user_id'
  | 'email'
  | 'name'
  | 'given_name'
  | 'family_name'
  | 'nickname'
  | 'username'
  | 'phone_number'
  | 'last_ip'
  | 'connection';
export type OrderedColumn = 'logins_count' | 'created_at' | 'updated_at' | 'last_login';

/** A value as a parameter of the column's type. */
export type ColumnValue = string | number | Date;

export type ColumnTest =
  | { readonly kind: 'any-of'; readonly values: readonly string[] }
  | {
      readonly kind: 'range';
      readonly lower?: { readonly value: ColumnValue; readonly isInclusive: boolean };
      readonly upper?: { readonly value: ColumnValue; readonly isInclusive: boolean };
    }
  | { readonly kind: 'present' }
  /** `prefix`: what every match begins with; `runs`: literal runs long enough for the trigram index. */
  | {
      readonly kind: 'like';
      readonly pattern: string;
      readonly prefix: string;
      readonly runs: readonly string[];
    };

/**
 * A test of one row of `roles`. Entries keep the ids of deleted roles until they are next written: `present` is that an entry has
 * any, `gone` that it has none but those.
 */
export type RoleTest =
  | { readonly kind: 'any-of'; readonly column: RoleColumn; readonly values: readonly string[] }
  | { readonly kind: 'like'; readonly column: RoleColumn; readonly pattern: string }
  | { readonly kind: 'present' }
  | { readonly kind: 'gone' };
export type RoleColumn = 'folded_name' | 'id';

/** Whole values at one path. */
export interface ValueKeys {
  readonly path: string;
  /** Of the value that a user is sorted by, and of further values. */
  readonly own: readonly string[];
  readonly further: readonly string[];
}

/** Keys from `from` (included) to `before` (excluded). */
export interface KeyStretch {
  readonly from: string;
  readonly before: string;
}

export type IdentityColumn = 'connection' | 'provider' | 'provider_user_id' | 'is_social';

/** A test of one row of `identities`. */
export type IdentityTest =
  | { readonly kind: 'any-of'; readonly column: IdentityColumn; readonly values: readonly string[] }
  /** `prefix`: what every match begins with. */
  | {
      readonly kind: 'like';
      readonly column: IdentityColumn;
      readonly pattern: string;
      readonly prefix: string;
    }
  | ProfileTest
  | { readonly kind: 'or'; readonly tests: readonly IdentityTest[] };

/** A scalar at a path of the cached profile, each key with a dot before it; `filter` is an SQL/JSON path of the scalar. */
export interface ProfileTest {
  readonly kind: 'profile';
  readonly path: string;
  readonly reachesBelow: boolean;
  readonly filter: string;
}
