import type { RowError } from '../../imports/row-error.ts';

/** A hash as the table `credentials` keeps it: a self-describing string and the name of its algorithm. */
export interface StoredHash {
  readonly algorithm: string;
  readonly hash: string;
}

export type ParsedHash =
  | { readonly isValid: true; readonly stored: StoredHash }
  | { readonly isValid: false; readonly problems: readonly RowError[] };

/** Reads `password_hash` (bcrypt). */
export function parseImportedHash(imported: {
  readonly password_hash?: string;
  readonly custom_password_hash?: unknown;
}): ParsedHash {
  const hash = imported.password_hash;
  if (hash !== undefined && /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/.test(hash))
    return { isValid: true, stored: { algorithm: 'bcrypt', hash } };
  return {
    isValid: false,
    problems: [{ code: 'FORMAT', message: 'Not a bcrypt hash.', path: 'password_hash' }],
  };
}

/** The attribute of an import file that gives the stored hash back. */
export function toImportable(stored: StoredHash): Record<string, unknown> {
  return stored.algorithm === 'bcrypt'
    ? { password_hash: stored.hash }
    : { custom_password_hash: { algorithm: 'argon2', hash: { value: stored.hash, encoding: 'utf8' } } };
}
