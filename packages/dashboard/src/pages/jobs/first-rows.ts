import { checkImportedUser, type ImportedUserProblem } from '@muster/contract';

export interface FirstRow {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly problems: readonly ImportedUserProblem[];
}

export type FirstRows =
  | { readonly kind: 'json'; readonly rows: readonly FirstRow[] }
  | { readonly kind: 'csv'; readonly lines: readonly string[] };

/** Characters that are read of a file, and rows that are shown of it. */
const readLength = 512 * 1024;
export const shownRows = 20;

/** Reads the beginning of a file of users, gzip unpacked, and holds its rows against the schema of imports. */
export async function readFirstRows(file: Blob): Promise<FirstRows> {
  const text = await readBeginning(file);
  if (!/^\s*[[{]/.test(text)) return { kind: 'csv', lines: text.split(/\r?\n/).slice(0, shownRows) };
  const rows = splitRows(text).map(
    (row, index): FirstRow => ({
      number: index + 1,
      text: row,
      problems: checkRow(row),
    }),
  );
  return { kind: 'json', rows };
}

async function readBeginning(file: Blob): Promise<string> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isPacked = first === 0x1f && second === 0x8b;
  const stream = isPacked ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream();
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < readLength) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** The texts of the first whole objects, in an array or one after the other. Pure. */
export function splitRows(text: string): string[] {
  const rows: string[] = [];
  let depth = 0;
  let start = 0;
  let isInString = false;
  for (let index = 0; index < text.length && rows.length < shownRows; index++) {
    const character = text[index];
    if (isInString) {
      if (character === '\\') index += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{') {
      if (depth === 0) start = index;
      depth += 1;
    } else if (character === '}') {
      depth -= 1;
      if (depth === 0) rows.push(text.slice(start, index + 1));
      if (depth < 0) return rows;
    }
  }
  return rows;
}

function checkRow(text: string): ImportedUserProblem[] {
  try {
    return checkImportedUser(JSON.parse(text));
  } catch (error) {
    return [{ path: '', message: error instanceof Error ? error.message : String(error) }];
  }
}
