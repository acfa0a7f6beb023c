import { nextDateText, type Period, readPeriod } from './instant.ts';
import { refuse } from './problem.ts';
import type { ResolvedField } from './resolve.ts';
import type { NumberEnd, ResolvedTest, TextEnd } from './resolved.ts';
import type { Bound, ConditionNode, Test } from './tree.ts';

/** Shortest run of literal characters in a pattern that begins with a wildcard: shorter ones narrow nothing. */
const shortestRun = 3;
/** UTF-8 bytes of a pattern's or a range's text: what an index key can be compared with. */
const longestOperand = 400;

type Operand<Kind extends Test['kind']> = Extract<Test, { kind: Kind }>;

/** Reads a condition's value as its field's type. @throws ProblemFound */
export function resolveTest(node: ConditionNode, field: ResolvedField): ResolvedTest {
  const { test } = node;
  if (test.kind === 'exists') return test;
  switch (field.type.kind) {
    case 'boolean':
      return resolveBoolean(test, node, field);
    case 'number':
      return resolveNumber(test, node, field);
    case 'instant':
      return resolveInstant(test, node, field);
    case 'text':
      return resolveText(test, node, field, field.type);
    case 'keyword':
      return resolveKeyword(test, node, field);
    case 'scalar':
      return resolveScalar(test, node);
    case 'free':
      return resolveText(test, node, field, { isFolded: true, hasRange: false });
    case 'object':
      return refuse(
        'wrong_type',
        node.valueSpan,
        `${field.name} is an object: name a key in it, such as ${field.name}.plan, or ask _exists_:${field.name}`,
      );
  }
}

function resolveBoolean(test: Test, node: ConditionNode, field: ResolvedField): ResolvedTest {
  const text = test.kind === 'equals' ? test.text.toLowerCase() : '';
  if (text !== 'true' && text !== 'false') {
    const meaning = /^(?:[ty1]|on)/.test(text) ? 'true' : /^(?:[fn0]|off)/.test(text) ? 'false' : undefined;
    refuse('wrong_type', node.valueSpan, `${field.name} is true or false`, meaning);
  }
  return { kind: 'boolean', value: text === 'true' };
}

function resolveNumber(test: Test, node: ConditionNode, field: ResolvedField): ResolvedTest {
  const fail = (span = node.valueSpan) =>
    refuse('wrong_type', span, `${field.name} is a number: write 5 or a range such as [5 TO *]`);
  if (test.kind === 'equals') {
    const value = readNumber(test.text) ?? fail();
    return { kind: 'number-range', lower: { value, isInclusive: true }, upper: { value, isInclusive: true } };
  }
  if (test.kind !== 'range') return fail();
  const read = (bound: Bound | undefined): NumberEnd | undefined =>
    bound && { value: readNumber(bound.text) ?? fail(bound.span), isInclusive: bound.isInclusive };
  return toNumberRange(read(test.lower), read(test.upper), node);
}

function toNumberRange(
  lower: NumberEnd | undefined,
  upper: NumberEnd | undefined,
  node: ConditionNode,
): ResolvedTest {
  if (!lower && !upper) return { kind: 'exists' };
  if (lower && upper && lower.value > upper.value) refuseReversed(node);
  return { kind: 'number-range', ...(lower ? { lower } : {}), ...(upper ? { upper } : {}) };
}

/** A day and the month that it lies in are in order either way round. */
function isReversed(lower: Period, upper: Period): boolean {
  return lower.start >= upper.end;
}

function refuseReversed(node: ConditionNode): never {
  return refuse('reversed_range', node.valueSpan, 'The lower end of this range is above its upper end');
}

function resolveInstant(test: Test, node: ConditionNode, field: ResolvedField): ResolvedTest {
  const read = (text: string, span = node.valueSpan): Period =>
    readPeriod(text) ??
    refuse(
      'wrong_type',
      span,
      `${field.name} is a date: write 2017, 2017-12, 2017-12-15 or 2017-12-15T10:30:00Z, or a range of them`,
    );
  if (test.kind === 'equals') {
    const { start, end } = read(test.text);
    return { kind: 'instant-range', from: start, before: end };
  }
  if (test.kind !== 'range') {
    return refuse(
      'wrong_type',
      node.valueSpan,
      `${field.name} is a date, which has no wildcards: 2017-12 stands for the whole month`,
    );
  }
  if (!test.lower && !test.upper) return { kind: 'exists' };
  const lower = test.lower && {
    ...read(test.lower.text, test.lower.span),
    isInclusive: test.lower.isInclusive,
  };
  const upper = test.upper && {
    ...read(test.upper.text, test.upper.span),
    isInclusive: test.upper.isInclusive,
  };
  if (lower && upper && isReversed(lower, upper)) refuseReversed(node);
  return {
    kind: 'instant-range',
    ...(lower ? { from: lower.isInclusive ? lower.start : lower.end } : {}),
    ...(upper ? { before: upper.isInclusive ? upper.end : upper.start } : {}),
  };
}

function resolveText(
  test: Test,
  node: ConditionNode,
  field: ResolvedField,
  type: { readonly isFolded: boolean; readonly hasRange: boolean },
): ResolvedTest {
  const fold = (text: string) => (type.isFolded ? text.toLowerCase() : text);
  switch (test.kind) {
    case 'exists':
      return test;
    case 'equals':
      return { kind: 'equals', text: fold(test.text) };
    case 'matches':
      return resolvePattern({ ...test, pieces: test.pieces.map(fold) }, node);
    case 'range':
      if (!type.hasRange)
        refuse('wrong_type', node.valueSpan, `${field.name} has no ranges: write a value or a wildcard`);
      return toTextRange(test, node, fold);
  }
}

function resolveKeyword(test: Test, node: ConditionNode, field: ResolvedField): ResolvedTest {
  return test.kind === 'equals'
    ? { kind: 'equals', text: test.text }
    : refuse(
        'wrong_type',
        node.valueSpan,
        `${field.name} is compared as a whole: write a value without wildcards`,
      );
}

function resolvePattern(test: Operand<'matches'>, node: ConditionNode): ResolvedTest {
  assertOperandLength(test.pieces.join('*'), node);
  const last = test.pieces.length - 1;
  const pieces = test.pieces.filter((piece, index) => piece !== '' || index === 0 || index === last);
  const isAnchored = pieces[0] !== '';
  if (!isAnchored && !pieces.some((piece) => [...piece].length >= shortestRun)) {
    refuse(
      'wildcard_too_short',
      node.valueSpan,
      `A pattern that begins with * needs at least ${shortestRun} characters in a row`,
    );
  }
  return { kind: 'matches', pieces };
}

function assertOperandLength(text: string, node: ConditionNode): void {
  if (text.length > longestOperand || new TextEncoder().encode(text).length > longestOperand) {
    refuse(
      'too_long',
      node.valueSpan,
      `The text of a wildcard or a range has at most ${longestOperand} bytes; a whole value may be longer`,
    );
  }
}

function toTextRange(
  test: Operand<'range'>,
  node: ConditionNode,
  convert: (text: string) => string,
): ResolvedTest {
  const read = (bound: Bound | undefined): TextEnd | undefined => {
    if (!bound) return undefined;
    assertOperandLength(bound.text, node);
    return { text: convert(bound.text), isInclusive: bound.isInclusive };
  };
  return makeTextRange(read(test.lower), read(test.upper), node);
}

function makeTextRange(
  lower: TextEnd | undefined,
  upper: TextEnd | undefined,
  node: ConditionNode,
): ResolvedTest {
  if (!lower && !upper) return { kind: 'exists' };
  if (lower && upper && compareCodePoints(lower.text, upper.text) > 0) refuseReversed(node);
  return { kind: 'text-range', ...(lower ? { lower } : {}), ...(upper ? { upper } : {}) };
}

/**
 * Metadata has no declared types, so the operand decides: bare numbers make a number range, bare dates the periods
 * they stand for within ISO 8601 text, anything else (and anything quoted) a range of text.
 */
function resolveScalar(test: Test, node: ConditionNode): ResolvedTest {
  switch (test.kind) {
    case 'exists':
      return test;
    case 'equals': {
      const number = test.isQuoted ? undefined : readNumber(test.text);
      return number === undefined || String(number) === test.text
        ? { kind: 'equals', text: test.text }
        : { kind: 'equals', text: test.text, number };
    }
    case 'matches':
      return resolvePattern(test, node);
    case 'range':
      return resolveScalarRange(test, node);
  }
}

function resolveScalarRange(test: Operand<'range'>, node: ConditionNode): ResolvedTest {
  const bounds = [test.lower, test.upper].flatMap((bound) => bound ?? []);
  const numberOf = (bound: Bound) => (bound.isQuoted ? undefined : readNumber(bound.text));
  if (bounds.every((bound) => numberOf(bound) !== undefined)) {
    const read = (bound: Bound | undefined): NumberEnd | undefined => {
      const value = bound && numberOf(bound);
      return bound && value !== undefined ? { value, isInclusive: bound.isInclusive } : undefined;
    };
    return toNumberRange(read(test.lower), read(test.upper), node);
  }
  const dateOf = (bound: Bound) => (bound.isQuoted ? undefined : readPeriod(bound.text));
  if (bounds.every((bound) => dateOf(bound) !== undefined)) {
    // "2017-12-31" is below every text of that day, the next day's is above them all.
    const lowerText = (bound: Bound, period: Period): TextEnd =>
      period.isDate && !bound.isInclusive
        ? { text: nextDateText(bound.text, period), isInclusive: true }
        : { text: bound.text, isInclusive: bound.isInclusive };
    const upperText = (bound: Bound, period: Period): TextEnd =>
      period.isDate && bound.isInclusive
        ? { text: nextDateText(bound.text, period), isInclusive: false }
        : { text: bound.text, isInclusive: bound.isInclusive };
    const lower = test.lower && dateOf(test.lower);
    const upper = test.upper && dateOf(test.upper);
    if (lower && upper && isReversed(lower, upper)) refuseReversed(node);
    return {
      kind: 'text-range',
      ...(test.lower && lower ? { lower: lowerText(test.lower, lower) } : {}),
      ...(test.upper && upper ? { upper: upperText(test.upper, upper) } : {}),
    };
  }
  return toTextRange(test, node, (text) => text);
}

/** A finite number in JSON's notation, a leading plus or zeros allowed. */
function readNumber(text: string): number | undefined {
  if (!/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value + 0 : undefined; // -0 becomes 0
}

/** Orders text as UTF-8 bytes do, and so as the index does; UTF-16 units would put emoji below U+E000. */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above the rest of the BMP. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
