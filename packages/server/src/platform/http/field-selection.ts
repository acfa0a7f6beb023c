/** `fields` and `include_fields` of a request. */
export interface FieldSelection {
  readonly fields?: string;
  readonly include_fields?: boolean;
}

/**
 * Compiles a field selection to a projection of root keys. Without `fields` everything comes back; the keys in
 * `always` come back whatever was asked.
 */
export function compileFieldSelection(
  selection: FieldSelection,
  always: readonly string[] = [],
): (record: Record<string, unknown>) => Record<string, unknown> {
  if (!selection.fields) return (record) => record;
  const named = new Set(selection.fields.split(',').map((field) => field.trim()));
  for (const key of always) {
    if (selection.include_fields === false) named.delete(key);
    else named.add(key);
  }
  const keeps =
    selection.include_fields === false ? (key: string) => !named.has(key) : (key: string) => named.has(key);
  return (record) => Object.fromEntries(Object.entries(record).filter(([key]) => keeps(key)));
}
