export type Json = Record<string, unknown>;

export function typesOf(schema: unknown): Set<unknown> {
  const { type, enum: choices, anyOf } = toObject(schema);
  if (Array.isArray(anyOf)) return new Set(anyOf.flatMap((branch) => [...typesOf(branch)]));
  return new Set([
    ...(Array.isArray(type) ? type : [type]),
    ...(Array.isArray(choices) ? choices.map((choice) => typeof choice) : []),
  ]);
}

export function acceptsAnything(schema: unknown): boolean {
  return typesOf(schema).has(undefined);
}

export function requiredOf(schema: unknown): string[] {
  const { required } = toObject(schema);
  return Array.isArray(required) ? required.map(String) : [];
}

export function toObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
