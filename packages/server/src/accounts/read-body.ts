/**
 * A form as the object that JSON would be: `user_metadata[plan]=pro` becomes a member of `user_metadata`, and fields that
 * were left empty are not there. JSON bodies stay as they are.
 */
export function readBody(body: unknown, contentType: string | undefined): unknown {
  const isForm = contentType?.toLowerCase().startsWith('application/x-www-form-urlencoded') ?? false;
  if (!isForm || typeof body !== 'object' || body === null) return body;
  const fields = new Map<string, unknown>();
  const metadata = new Map<string, unknown>();
  for (const [name, value] of Object.entries(body)) {
    const [, key] = /^user_metadata\[([^\]]*)\]$/.exec(name) ?? [];
    if (key !== undefined) metadata.set(key, value);
    else if (value !== '') fields.set(name, value);
  }
  if (metadata.size > 0 && !fields.has('user_metadata'))
    fields.set('user_metadata', Object.fromEntries(metadata));
  return Object.fromEntries(fields);
}
