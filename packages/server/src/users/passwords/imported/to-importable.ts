import type { StoredHash } from './stored-hash.ts';

/** The attribute of an import file that gives the stored hash back, exactly. */
export function toImportable({ hash }: StoredHash): {
  readonly password_hash?: string;
  readonly custom_password_hash?: unknown;
} {
  if (hash.startsWith('{')) return { custom_password_hash: JSON.parse(hash) };
  if (hash.startsWith('$2')) return { password_hash: hash };
  return { custom_password_hash: { algorithm: 'argon2', hash: { value: hash, encoding: 'utf8' } } };
}
