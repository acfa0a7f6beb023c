/** Scheme and host in lower case, the rest as written; `undefined` for what is no absolute URL. */
function normalize(text: string): { head: string; rest: string } | undefined {
  const [, scheme, authority, rest] = /^([a-z][a-z0-9+.-]*:)(\/\/[^/?#]*)?(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return undefined;
  return { head: `${scheme}${authority ?? ''}`.toLowerCase(), rest };
}

/**
 * Whether a URL is one of an allow-list (spec authentication §1.4): exactly, but for the case of scheme and host; `*`
 * stands for part of the left-most label of an http(s) host.
 * @param allowsWildcard false for third-party clients
 */
export function matchesUrl(
  allowed: string,
  url: string,
  options: { readonly allowsWildcard: boolean; readonly ignoresQuery?: boolean },
): boolean {
  // A browser reads a backslash as a slash, and drops tabs and line ends.
  if (/[\\\s\p{Cc}]/u.test(url) || !URL.canParse(url)) return false;
  const strip = (text: string) => (options.ignoresQuery ? text.replace(/[?#].*$/s, '') : text);
  const pattern = normalize(strip(allowed));
  const actual = normalize(strip(url));
  if (!pattern || !actual || pattern.rest !== actual.rest) return false;
  // Who is named before an @ is not the host.
  if (actual.head.includes('@')) return false;
  if (pattern.head === actual.head) return true;
  return options.allowsWildcard && matchesOrigin(pattern.head, actual.head);
}

/** The same for origins. */
export function matchesOrigin(allowed: string, origin: string): boolean {
  const pattern = /^(https?:)\/\/([^/?#]+)/i.exec(allowed.toLowerCase());
  const actual = /^(https?:)\/\/([^/?#@]+)$/i.exec(origin.toLowerCase());
  if (!pattern || !actual || pattern[1] !== actual[1]) return false;
  const labels = (pattern[2] ?? '').split('.');
  const actualLabels = (actual[2] ?? '').split('.');
  if (labels.length !== actualLabels.length) return false;
  // Never the registrable domain: a wildcard needs two labels after its own.
  if (labels[0]?.includes('*') && labels.length < 3) return false;
  return labels.every((label, index) => {
    const other = actualLabels[index] ?? '';
    if (index > 0 || !label.includes('*')) return label === other;
    const [before = '', after = '', ...more] = label.split('*');
    return (
      more.length === 0 &&
      other.length > before.length + after.length &&
      other.startsWith(before) &&
      other.endsWith(after)
    );
  });
}
