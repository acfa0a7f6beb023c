export { type ParsedHash, parseImportedHash } from './parse-imported.ts';
export type { StoredHash } from './stored-hash.ts';
export { toImportable } from './to-importable.ts';
export { verifyStoredPassword } from './verify-password.ts';
