/** The steps of a JSON Pointer (RFC 6901 §4). */
export function readJsonPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** As reports of imports name an attribute: `identities[0].user_id`. @param root path that the steps begin at */
export function toAttributePath(steps: readonly string[], root = ''): string {
  return steps.reduce(
    (path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`),
    root,
  );
}
