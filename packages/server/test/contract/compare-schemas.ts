import { type ContractDocument, isObject, type Json, toObject } from './document.ts';

/** What a request schema of theirs names and a schema of ours refuses: `a.b[].c`, or `a=value` for a missing choice. */
export function compareSchemas(
  document: ContractDocument,
  theirSchema: Json,
  ourSchema: Json,
  path = '',
): string[] {
  const theirs = expand(document, theirSchema);
  const ours = expand(document, ourSchema);
  const missing: string[] = [];
  const ourProperties = mergeProperties(ours);
  const isOpen =
    ours.some((branch) => branch['additionalProperties'] !== false && acceptsObjects(branch)) ||
    isAnything(ours);
  for (const [name, schemas] of mergeProperties(theirs)) {
    const property = path ? `${path}.${name}` : name;
    const counterparts = ourProperties.get(name);
    if (counterparts)
      missing.push(...compareSchemas(document, { anyOf: schemas }, { anyOf: counterparts }, property));
    else if (!isOpen) missing.push(property);
  }
  const theirItems = theirs.map((branch) => branch['items']).filter(isObject);
  const ourItems = ours.map((branch) => branch['items']).filter(isObject);
  if (theirItems.length > 0 && ourItems.length > 0)
    missing.push(...compareSchemas(document, { anyOf: theirItems }, { anyOf: ourItems }, `${path}[]`));
  if (ours.every((branch) => choicesOf(branch) !== undefined || branch['type'] === 'null')) {
    const known = new Set(ours.flatMap((branch) => choicesOf(branch) ?? []));
    for (const choice of theirs.flatMap((branch) => choicesOf(branch) ?? [])) {
      if (!known.has(choice) && choice !== null) missing.push(`${path}=${JSON.stringify(choice)}`);
    }
  }
  const theirTypes = new Set(theirs.flatMap(typesOf));
  const ourTypes = new Set(ours.flatMap(typesOf));
  const takesNull = ourTypes.has('null') || isAnything(ours);
  if (theirTypes.has('null') && !takesNull) missing.push(`${path}=null`);
  const theirRequired = new Set(
    theirs.flatMap((branch) => (Array.isArray(branch['required']) ? branch['required'] : [])),
  );
  for (const name of ours.length === 1 && Array.isArray(ours[0]?.['required']) ? ours[0]['required'] : []) {
    if (!theirRequired.has(name)) missing.push(`${path ? `${path}.` : ''}${name} required`);
  }
  return missing;
}

/** A schema without references and unions: its branches. */
function expand(document: ContractDocument, schema: Json, depth = 0): Json[] {
  if (depth > 20) return [];
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const target = document.components.schemas[reference.slice('#/components/schemas/'.length)];
    return target ? expand(document, target, depth + 1) : [];
  }
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const branches = schema[keyword];
    if (Array.isArray(branches))
      return branches.filter(isObject).flatMap((branch) => expand(document, branch, depth + 1));
  }
  return [schema];
}

function mergeProperties(branches: readonly Json[]): Map<string, Json[]> {
  const merged = new Map<string, Json[]>();
  for (const branch of branches) {
    for (const [name, schema] of Object.entries(toObject(branch['properties']))) {
      if (isObject(schema)) merged.set(name, [...(merged.get(name) ?? []), schema]);
    }
  }
  return merged;
}

function typesOf(branch: Json): unknown[] {
  const type = branch['type'];
  return [...(Array.isArray(type) ? type : [type]), ...(choicesOf(branch)?.includes(null) ? ['null'] : [])];
}

function choicesOf(branch: Json): unknown[] | undefined {
  if (Array.isArray(branch['enum'])) return branch['enum'];
  return 'const' in branch ? [branch['const']] : undefined;
}

function acceptsObjects(branch: Json): boolean {
  return branch['type'] === 'object' || isAnything([branch]);
}

/** A schema that says nothing, as `Type.Unknown()`. */
function isAnything(branches: readonly Json[]): boolean {
  return branches.some(
    (branch) =>
      branch['type'] === undefined && choicesOf(branch) === undefined && branch['properties'] === undefined,
  );
}
