/** How many of the most frequent passwords count as common, by the connection's choice. */
export type DictionarySize = 10_000 | 100_000;

let frequentPasswords: Promise<readonly string[]> | undefined;
const sets = new Map<DictionarySize, Promise<ReadonlySet<string>>>();

/**
 * Whether the whole password, whatever its case, is one of the most frequent ones or of the connection's own
 * words. The list is loaded at the first question: most processes never ask. The large dictionary is as large
 * as the list we have (49,000).
 */
export async function isCommonPassword(
  password: string,
  size: DictionarySize,
  ownWords: readonly string[],
): Promise<boolean> {
  const folded = password.toLowerCase();
  if (ownWords.some((word) => word.toLowerCase() === folded)) return true;
  const known = sets.get(size) ?? loadSet(size);
  sets.set(size, known);
  return (await known).has(folded);
}

async function loadSet(size: DictionarySize): Promise<ReadonlySet<string>> {
  frequentPasswords ??= import('@zxcvbn-ts/language-common').then(({ dictionary }) =>
    dictionary['passwords-common'].map(String),
  );
  return new Set((await frequentPasswords).slice(0, size).map((word) => word.toLowerCase()));
}
