import type { ResolvedTest } from '@muster/query';
import { toLikePattern, toRuns } from '../../platform/database/like-pattern.ts';
import type { IndexNode, KeyStretch, ValueKeys } from './index-node.ts';
import {
  afterPrefix,
  cutText,
  encodeNumber,
  existenceTerm,
  pathCode,
  typeCode,
  valueTerm,
} from './search-key.ts';

type Test<Kind extends ResolvedTest['kind']> = Extract<ResolvedTest, { kind: Kind }>;

/** A condition on a metadata path: whole values and existence by terms, the rest by stretches of the value keys. */
export function compileScalar(path: string, test: ResolvedTest): IndexNode {
  switch (test.kind) {
    case 'exists':
      return { kind: 'terms', anyOf: [existenceTerm(path)] };
    case 'equals':
      return compileEquals(path, test);
    case 'matches':
      return compilePattern(path, test.pieces);
    case 'text-range':
      return { kind: 'values', stretches: toStretches(path, toTextStretch(test)) };
    case 'number-range':
      return { kind: 'values', stretches: toStretches(path, toNumberStretch(test)) };
    default:
      throw new Error(`a metadata value cannot be tested for ${test.kind}`);
  }
}

/** Keys without the path's code. */
type Tail = KeyStretch;

function compileEquals(path: string, test: Test<'equals'>): IndexNode {
  const texts = test.number === undefined ? [test.text] : [test.text, String(test.number)];
  const keys = listKeys(path, texts);
  return { kind: 'terms', anyOf: texts.map((text) => valueTerm(path, text)), ...(keys ? { keys } : {}) };
}

/** The keys of strings, numbers and booleans of these texts; none with a string that its key does not hold whole. */
function listKeys(path: string, texts: readonly string[]): ValueKeys | undefined {
  if (texts.some((text) => cutText(text) !== text)) return undefined;
  const tails = texts.flatMap(listTails);
  const withCode = (isFurther: boolean) => tails.map((tail) => pathCode(path, isFurther) + tail);
  return { path, own: withCode(false), further: withCode(true) };
}

function listTails(text: string): string[] {
  const number = Number(text);
  return [
    typeCode.string + text,
    ...(String(number) === text && Number.isFinite(number) ? [typeCode.number + encodeNumber(number)] : []),
    ...(text === 'true' || text === 'false' ? [typeCode.boolean + text.slice(0, 1)] : []),
  ];
}

function compilePattern(path: string, pieces: readonly string[]): IndexNode {
  const [prefix = '', ...rest] = pieces;
  const stretches = toStretches(path, toPrefixTail(prefix));
  if (rest.length === 1 && rest[0] === '') return { kind: 'values', stretches };
  return { kind: 'values', stretches, text: { like: toLikePattern(pieces), runs: toRuns(pieces) } };
}

function toPrefixTail(prefix: string): Tail {
  const from = typeCode.string + prefix;
  return { from, before: afterPrefix(from) ?? typeCode.boolean };
}

function toTextStretch({ lower, upper }: Test<'text-range'>): Tail {
  return {
    from: typeCode.string + (lower ? after(lower.text, !lower.isInclusive) : ''),
    before: upper ? typeCode.string + after(upper.text, upper.isInclusive) : typeCode.boolean,
  };
}

function toNumberStretch({ lower, upper }: Test<'number-range'>): Tail {
  return {
    from: typeCode.number + (lower ? after(encodeNumber(lower.value), !lower.isInclusive) : ''),
    before: upper ? typeCode.number + after(encodeNumber(upper.value), upper.isInclusive) : typeCode.string,
  };
}

/** The text itself, or the first text after it: U+0001 is the smallest character that is stored. */
function after(text: string, isAfter: boolean): string {
  return isAfter ? `${text}\u0001` : text;
}

function toStretches(path: string, tail: Tail): KeyStretch[] {
  return [false, true].map((isFurther) => {
    const code = pathCode(path, isFurther);
    return { from: code + tail.from, before: code + tail.before };
  });
}

/** Every key of the path's own code: one for each user that has the path. */
export function pathStretch(path: string): KeyStretch {
  const code = pathCode(path, false);
  return { from: code, before: code + typeCode.end };
}
