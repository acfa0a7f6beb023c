import { formats } from '@muster/contract';
import { Ajv, type AnySchema, type ErrorObject, type ValidateFunction } from 'ajv';
import { ApiError } from './errors.ts';

/** Where a value came from: names the error text and code (spec management-api §1.3). */
export type RequestPart = 'body' | 'query' | 'path';

const partTexts = {
  body: { label: 'Payload', errorCode: 'invalid_body' },
  query: { label: 'Query', errorCode: 'invalid_query_string' },
  path: { label: 'Path', errorCode: 'invalid_uri' },
} as const;

const ajvOptions = {
  // `verbose` puts the offended schema on each error: its description belongs to the message.
  verbose: true,
  strict: false,
  // Bodies are JSON already; coercion is for query strings and forms, which know strings only.
  coerceTypes: false,
  formats,
} as const;
const strictAjv = new Ajv(ajvOptions);
const coercingAjv = new Ajv({ ...ajvOptions, coerceTypes: 'array' });

/** Compiles a schema to a function that throws the documented 400 with the first error found. */
export function compileValidator(schema: AnySchema, part: RequestPart): (value: unknown) => void {
  let validate: ValidateFunction | undefined;
  return (value) => {
    // At the first value: compiling every schema at the start would double the time to be ready.
    validate ??= part === 'body' ? strictAjv.compile(schema) : coercingAjv.compile(schema);
    assertValid(validate, value, part);
  };
}

/** The same for a body sent as a form, whose values arrive as strings. Changes the value in place. */
export function compileFormValidator(schema: AnySchema): (value: unknown) => void {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= coercingAjv.compile(schema);
    assertValid(validate, value, 'body');
  };
}

/** Compiles a schema to a function that lists what does not fit; for checking our own answers in tests. */
export function compileChecker(schema: AnySchema): (value: unknown) => string | undefined {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= strictAjv.compile(schema);
    return validate(value) ? undefined : strictAjv.errorsText(validate.errors);
  };
}

function assertValid(validate: ValidateFunction, value: unknown, part: RequestPart): void {
  if (validate(value)) return;
  const { label, errorCode } = partTexts[part];
  throw new ApiError(400, errorCode, describeErrors(validate.errors ?? [], label, value));
}

function describeErrors(errors: readonly ErrorObject[], label: string, root: unknown): string {
  const union = errors.find((error) => error.keyword === 'anyOf');
  if (union && !isNullableUnion(union)) {
    const inner = errors
      .filter((error) => error !== union)
      .map((error) => `${label} validation error: '${describe(error)}'${locate(error)}.`);
    return `${label} validation error: 'None of the valid schemas were met'${locate(union)}. Inner errors: [ ${inner.join(' (also) ')} ].`;
  }
  const first = errors[0];
  if (!first) return `${label} validation error: 'The value was refused'.`;
  if (first.keyword === 'minProperties' && first.instancePath === '' && isEmptyObject(root)) {
    return `${label} validation error: 'Too few properties defined (0), minimum ${first.params['limit']}'.`;
  }
  return `${label} validation error: '${describe(first)}'${locate(first)}.`;
}

/** `string | null` is a union in our schemas but one type to the caller: the first branch's error says it. */
function isNullableUnion(error: ErrorObject): boolean {
  const branches: unknown = error.schema;
  return Array.isArray(branches) && branches.some((branch) => isObject(branch) && branch['type'] === 'null');
}

function describe(error: ErrorObject): string {
  const { keyword, params, data } = error;
  switch (keyword) {
    case 'required':
      return `Missing required property: ${params['missingProperty']}`;
    case 'additionalProperties':
      return `Additional properties not allowed: ${listUndeclared(error).join(',')}`;
    case 'type':
      return `Expected type ${params['type']} but found type ${typeName(data)}`;
    case 'format':
      return `Object didn't pass validation for format ${params['format']}: ${printValue(data)}`;
    case 'pattern':
      return `String does not match pattern ${params['pattern']}: ${printValue(data)}`;
    case 'minLength':
      return `String is too short (${[...String(data)].length} chars), minimum ${params['limit']}`;
    case 'maxLength':
      return `String is too long (${[...String(data)].length} chars), maximum ${params['limit']}`;
    case 'minimum':
    case 'exclusiveMinimum':
      return `Value ${printValue(data)} is less than minimum ${params['limit']}`;
    case 'maximum':
    case 'exclusiveMaximum':
      return `Value ${printValue(data)} is greater than maximum ${params['limit']}`;
    case 'minItems':
      return `Array is too short (${lengthOf(data)}), minimum ${params['limit']}`;
    case 'maxItems':
      return `Array is too long (${lengthOf(data)}), maximum ${params['limit']}`;
    case 'uniqueItems':
      return `Array items are not unique (indexes ${params['j']} and ${params['i']})`;
    case 'minProperties':
      return `Too few properties defined (${keyCount(data)}), minimum ${params['limit']}`;
    case 'maxProperties':
      return `Too many properties defined (${keyCount(data)}), maximum ${params['limit']}`;
    case 'enum':
    case 'const':
      return `No enum match for: ${JSON.stringify(data)}`;
    default:
      return error.message ?? 'The value was refused';
  }
}

/** ` on property a.b[0] (its description)`, or nothing at the root. A missing property is reported at its parent. */
function locate(error: ErrorObject): string {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (joined, segment) =>
        /^\d+$/.test(segment) ? `${joined}[${segment}]` : joined ? `${joined}.${segment}` : segment,
      '',
    );
  if (!path) return '';
  const schema: unknown = error.parentSchema;
  const description =
    isObject(schema) && typeof schema['description'] === 'string'
      ? ` (${schema['description'].replace(/\.$/, '')})`
      : '';
  return ` on property ${path}${description}`;
}

function listUndeclared(error: ErrorObject): string[] {
  const schema: unknown = error.parentSchema;
  const declared = isObject(schema) && isObject(schema['properties']) ? schema['properties'] : {};
  return isObject(error.data) ? Object.keys(error.data).filter((key) => !Object.hasOwn(declared, key)) : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmptyObject(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function keyCount(value: unknown): number {
  return isObject(value) ? Object.keys(value).length : 0;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' && Number.isInteger(value)) return 'integer';
  return typeof value;
}

/** Errors quote the offending value, but never a novel: 200 characters at most. */
function printValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
