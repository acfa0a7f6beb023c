import { customPasswordHashes, formats } from '@muster/contract';
import { Ajv, type ValidateFunction } from 'ajv';
import type { RowError } from '../../imports/row-error.ts';
import { describeSchemaErrors } from '../../imports/schema-errors.ts';
import { judgeBcrypt, judgeCustom } from './judge-hash.ts';
import type { CustomHash, StoredHash } from './stored-hash.ts';

export type ParsedHash =
  | { readonly isValid: true; readonly stored: StoredHash }
  | { readonly isValid: false; readonly problems: readonly RowError[] };

const root = 'custom_password_hash';
const validators = new Map<string, ValidateFunction<CustomHash>>();
const ajv = new Ajv({ allErrors: true, strict: false, formats });

/** Reads `password_hash` or `custom_password_hash` of an import file and makes the hash that is kept of it. */
export function parseImportedHash(imported: {
  readonly password_hash?: string;
  readonly custom_password_hash?: unknown;
}): ParsedHash {
  if (imported.password_hash !== undefined) {
    const problem = judgeBcrypt(imported.password_hash, 'password_hash');
    return problem ? { isValid: false, problems: [problem] } : accept('bcrypt', imported.password_hash);
  }
  return parseCustom(imported.custom_password_hash);
}

/**
 * Reads the JSON that is kept of a `custom_password_hash`, held against schema and limits once more.
 * @returns undefined for what `parseImportedHash` would not have kept
 */
export function readCustomHash(kept: string): CustomHash | undefined {
  let value: unknown;
  try {
    value = JSON.parse(kept);
  } catch {
    return undefined;
  }
  const checked = checkCustom(value);
  return 'custom' in checked ? checked.custom : undefined;
}

function parseCustom(value: unknown): ParsedHash {
  const checked = checkCustom(value);
  return 'custom' in checked ? store(checked.custom) : { isValid: false, problems: checked.problems };
}

function checkCustom(
  value: unknown,
): { readonly custom: CustomHash } | { readonly problems: readonly RowError[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problems: [{ code: 'INVALID_TYPE', message: `${root} must be of type object.`, path: root }] };
  const algorithm: unknown = Reflect.get(value, 'algorithm');
  const schema =
    typeof algorithm === 'string' && Object.hasOwn(customPasswordHashes, algorithm)
      ? customPasswordHashes[algorithm]
      : undefined;
  if (typeof algorithm !== 'string' || !schema) return { problems: [describeAlgorithm(algorithm)] };
  let validate = validators.get(algorithm);
  if (!validate) {
    validate = ajv.compile<CustomHash>(schema);
    validators.set(algorithm, validate);
  }
  if (!validate(value)) return { problems: describeSchemaErrors(validate.errors ?? [], root) };
  const problem = judgeCustom(value);
  return problem ? { problems: [problem] } : { custom: value };
}

function describeAlgorithm(algorithm: unknown): RowError {
  const path = `${root}.algorithm`;
  if (algorithm === undefined)
    return { code: 'OBJECT_MISSING_REQUIRED_PROPERTY', message: `${path} is missing.`, path };
  if (typeof algorithm !== 'string')
    return { code: 'INVALID_TYPE', message: `${path} must be of type string.`, path };
  const known = Object.keys(customPasswordHashes).join(', ');
  return { code: 'ENUM_MISMATCH', message: `${path} must be one of ${known}.`, path };
}

/** Strings that say everything by themselves are kept as they are; the rest as the import had it. */
function store(custom: CustomHash): ParsedHash {
  const { algorithm, hash } = custom;
  const isPlain = custom.salt === undefined && (custom.password?.encoding ?? 'utf8') === 'utf8';
  if (isPlain && algorithm === 'bcrypt') return accept('bcrypt', hash.value);
  if (isPlain && algorithm === 'argon2') return accept('argon2', hash.value);
  return accept(algorithm, JSON.stringify(custom));
}

function accept(algorithm: string, hash: string): ParsedHash {
  return { isValid: true, stored: { algorithm, hash } };
}
