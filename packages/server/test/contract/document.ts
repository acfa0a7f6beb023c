import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export type Json = Record<string, unknown>;

interface DocumentedOperation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Json }>> }>
  >;
}

export interface ContractDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Record<string, Json> };
}

/** Bodies that recorded traffic shows where the document has none: their keys. */
const bodiesBeyondTheDocument: Readonly<Record<string, readonly string[]>> = {
  'DELETE /connections/{} 202': ['deleted_at'],
  // Recorded as `{}`.
  'DELETE /sessions/{} 202': [],
  'POST /sessions/{}/revoke 202': [],
  'DELETE /users/{}/sessions 202': [],
  'DELETE /users/{}/refresh-tokens 202': [],
  'POST /refresh-tokens/revoke 202': [],
  'DELETE /roles/{} 200': [],
  'POST /roles/{}/users 200': [],
  'POST /roles/{}/permissions 201': [],
  'POST /users/{}/permissions 201': [],
};

/** Keys of answers that recorded traffic has and the document's closed schemas do not. */
const extraAnswerProperties: Readonly<Record<string, readonly string[]>> = {
  // Tenants still carry both, so does ours (spec management-api, tenant settings).
  GetTenantSettingsResponseContent: ['universal_login'],
  UpdateTenantSettingsResponseContent: ['universal_login'],
  TenantSettingsFlags: ['universal_login'],
  ResourceServer: ['token_lifetime_for_web'],
  CreateResourceServerResponseContent: ['token_lifetime_for_web'],
  GetResourceServerResponseContent: ['token_lifetime_for_web'],
  UpdateResourceServerResponseContent: ['token_lifetime_for_web'],
  ConnectionForList: ['provisioning_ticket_url'],
  CreateConnectionResponseContent: ['provisioning_ticket_url'],
  GetConnectionResponseContent: ['provisioning_ticket_url'],
  UpdateConnectionResponseContent: ['provisioning_ticket_url'],
  EmailProviderCredentials: ['domain'],
};

/** Reads the document as a validator can use it: `oneOf` of overlapping branches as `anyOf`, exceptions added. */
export function readContract(file: string): ContractDocument {
  const document = JSON.parse(readFileSync(file, 'utf8'), (key: string, value: unknown) =>
    isObject(value) ? renameOneOf(value, key) : value,
  ) as ContractDocument;
  for (const [name, properties] of Object.entries(extraAnswerProperties)) {
    const schema = document.components.schemas[name];
    if (!schema) throw new Error(`the document has no schema ${name}, which an exception names`);
    schema['properties'] = {
      ...Object.fromEntries(properties.map((property) => [property, {}])),
      ...toObject(schema['properties']),
    };
  }
  return document;
}

function renameOneOf(value: Json, key: string): Json {
  if (key === 'properties' || !Array.isArray(value['oneOf'])) return value;
  const { oneOf, ...rest } = value;
  return { ...rest, anyOf: oneOf };
}

export function indexOperations(
  document: ContractDocument,
): Map<string, { method: string; path: string; operation: DocumentedOperation }> {
  const found = new Map<string, { method: string; path: string; operation: DocumentedOperation }>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      found.set(keyOf(method, path), { method: method.toUpperCase(), path, operation });
    }
  }
  return found;
}

export function keyOf(method: string, path: string): string {
  return `${method.toUpperCase()} ${path.replaceAll(/\{[^}]+\}/g, '{}')}`;
}

export function find<V>(map: ReadonlyMap<string, V>, key: string): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`the document has no ${key}`);
  return value;
}

/** Lists what of a 2xx body its documented schema refuses. A status without a schema must have no body. */
export function compileAnswers(
  document: ContractDocument,
  documented: ReadonlyMap<string, { operation: DocumentedOperation }>,
): (key: string, status: number, body: unknown) => readonly string[] {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true });
  for (const format of collectFormats(document)) ajv.addFormat(format, true);
  ajv.addSchema({ ...document }, 'contract');
  const compiled = new Map<string, ValidateFunction>();
  return (key, status, body) => {
    const { responses } = find(documented, key).operation;
    // An excepted status answers what the document has under its neighbour.
    const declared =
      responses[String(status)] ?? Object.entries(responses).find(([other]) => other.startsWith('2'))?.[1];
    const schema = declared?.content?.['application/json']?.schema;
    const beyond = bodiesBeyondTheDocument[`${key} ${status}`] ?? [];
    if (!schema)
      return Object.keys(body ?? {}).every((name) => beyond.includes(name))
        ? []
        : ['a body that the document does not have'];
    const name = `${key} ${status}`;
    const validate = compiled.get(name) ?? ajv.compile(withRefs(schema));
    compiled.set(name, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map(
      (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
    );
  };
}

/** The same schema with its local references led to the document. */
function withRefs(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema), (key: string, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? `contract${value}` : value,
  );
}

function collectFormats(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) collectFormats(item, found);
  else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'format' && typeof inner === 'string') found.add(inner);
      collectFormats(inner, found);
    }
  }
  return found;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function toObject(value: unknown): Json {
  return isObject(value) ? value : {};
}
