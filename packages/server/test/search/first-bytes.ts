/** UTF-8 bytes of a string that wildcards, ranges and sorting look at (docs/search.md). */
const visibleBytes = 2_000;

/** The characters of a string that lie wholly within its first 2,000 bytes. */
export function firstBytes(text: string): string {
  if (Buffer.byteLength(text) <= visibleBytes) return text;
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > visibleBytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}
