/**
 * The text of a file piece by piece, gzip unpacked, without a byte order mark.
 * @param isStrict whether bytes that are not UTF-8 throw a `TypeError`, in place of being shown as `�`
 */
export async function* openText(
  file: Blob,
  { isStrict }: { readonly isStrict: boolean },
): AsyncGenerator<string> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isPacked = first === 0x1f && second === 0x8b;
  const stream = isPacked ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream();
  const reader = stream.getReader();
  // It takes the mark off by itself.
  const decoder = new TextDecoder('utf-8', { fatal: isStrict });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield decoder.decode(value, { stream: true });
    }
    yield decoder.decode();
  } finally {
    await reader.cancel();
  }
}
