/** A place in a text, in UTF-16 units. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** What a JSON text has at its places; the values are what `JSON.parse` makes of it. */
export interface JsonMarks {
  readonly keys: readonly (Place & {
    readonly name: string;
    readonly path: readonly string[];
    readonly isRepeated: boolean;
  })[];
  readonly numbers: readonly (Place & { readonly text: string })[];
  /** Values of the outermost object that are null. */
  readonly rootNulls: readonly Place[];
}

export type JsonProblem = Place & { readonly kind: 'unexpected' | 'unfinished' };
export type ReadJson =
  | { readonly ok: true; readonly value: unknown; readonly marks: JsonMarks }
  | { readonly ok: false; readonly problem: JsonProblem };

/** Deeper than this nobody reads; the scanner calls itself. */
const deepest = 500;
const tokens =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: strings have none (RFC 8259 §7)
  /[ \t\n\r]+|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|[{}[\],:]/y;

interface Token extends Place {
  readonly text: string;
}

class Unreadable extends Error {
  readonly problem: JsonProblem;
  constructor(problem: JsonProblem) {
    super(problem.kind);
    this.problem = problem;
  }
}

/** Reads JSON and remembers where things stand in it, which `JSON.parse` does not. Pure. */
export function readJson(text: string): ReadJson {
  const keys: JsonMarks['keys'][number][] = [];
  const numbers: JsonMarks['numbers'][number][] = [];
  const rootNulls: Place[] = [];
  let next: Token | undefined;
  let end = 0;

  const advance = () => {
    do {
      if (end >= text.length) {
        next = undefined;
        return;
      }
      tokens.lastIndex = end;
      const found = tokens.exec(text)?.[0];
      if (found === undefined) throw new Unreadable({ kind: 'unexpected', from: end, to: end + 1 });
      next = { text: found, from: end, to: end + found.length };
      end += found.length;
    } while (/^\s/.test(next.text));
  };
  const take = (isWanted: (token: string) => boolean): Token => {
    const taken = next;
    if (!taken)
      throw new Unreadable({ kind: 'unfinished', from: Math.max(0, text.length - 1), to: text.length });
    if (!isWanted(taken.text)) throw new Unreadable({ kind: 'unexpected', from: taken.from, to: taken.to });
    advance();
    return taken;
  };
  const isSign = (sign: string) => (token: string) => token === sign;
  const isString = (token: string) => token.startsWith('"');

  const readItems = (close: string, readItem: () => void) => {
    if (next?.text === close) advance();
    else {
      for (;;) {
        readItem();
        if (take((token) => token === ',' || token === close).text === close) return;
      }
    }
  };
  const readValue = (path: readonly string[]) => {
    const { text: token, from, to } = take((found) => !/^[\]},:]$/.test(found));
    if (path.length > deepest) throw new Unreadable({ kind: 'unexpected', from, to });
    if (token === '[') readItems(']', () => readValue([...path, '[]']));
    else if (token === '{') {
      const seen = new Set<string>();
      readItems('}', () => {
        const key = take(isString);
        const name: string = JSON.parse(key.text);
        take(isSign(':'));
        keys.push({ name, path, from: key.from, to: key.to, isRepeated: seen.has(name) });
        seen.add(name);
        readValue([...path, name]);
      });
    } else if (token === 'null' && path.length === 1) rootNulls.push({ from, to });
    else if (/^[-\d]/.test(token)) numbers.push({ text: token, from, to });
  };
  try {
    advance();
    readValue([]);
    if (next) throw new Unreadable({ kind: 'unexpected', from: next.from, to: next.to });
    return { ok: true, value: JSON.parse(text), marks: { keys, numbers, rootNulls } };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.problem };
    throw error;
  }
}
