import { longestSuggestion, refuse } from './problem.ts';
import type { Bound, Span } from './tree.ts';

/** A run of text without spaces: its literal pieces between unescaped wildcards, one piece when there is none. */
export interface Word {
  readonly pieces: readonly string[];
  /** As typed, escapes and all: `AND` is an operator, `\AND` is not. */
  readonly source: string;
  readonly span: Span;
}

const timestamp = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?(?=[\s)]|$)/;
const endsWord = new Set(['(', ')', '[', ']', '{', '}', '"', ':']);
const isSpace = (character: string | undefined): boolean =>
  character === ' ' ||
  (character !== undefined && !(character > ' ' && character <= '~') && /\s/.test(character));

/** Runs of what means nothing but itself, read at once: queries may name thousands of ids. */
const plainInWord = /[A-Za-z0-9_.@-]+/y;
const plainInQuotes = /[^"\\\0]+/y;
const wordStart = /(?:(?!&&|\|\|)[^\s()[\]{}":]){0,8}/y;

/** Reads the query's text piece by piece; what a piece means is the parser's matter. */
export class Scanner {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  skipSpaces(): void {
    while (isSpace(this.text[this.position])) this.position++;
  }

  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.position);
  }

  /** Steps over the text when it stands here. */
  take(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.position += text.length;
    return true;
  }

  spanFrom(start: number): Span {
    return { start, end: this.position };
  }

  /** The place of the text that stands here. */
  spanOf(text: string): Span {
    return { start: this.position, end: this.position + text.length };
  }

  /** The word that stands here where it may be AND, OR or NOT, without moving past it; of a long one the beginning. */
  peekKeyword(): string {
    const first = this.text[this.position];
    return first === 'A' || first === 'O' || first === 'N' ? this.match(wordStart) : '';
  }

  /** What the sticky pattern matches here, perhaps nothing. */
  private match(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    return pattern.exec(this.text)?.[0] ?? '';
  }

  /** @returns `undefined` when no word begins here */
  readWord(): Word | undefined {
    const start = this.position;
    const pieces: string[] = [];
    let piece = '';
    for (;;) {
      const run = this.match(plainInWord);
      piece += run;
      this.position += run.length;
      const character = this.text[this.position];
      if (character === undefined || isSpace(character) || endsWord.has(character)) break;
      if (this.startsWith('&&') || this.startsWith('||')) break;
      if (character === '\\') {
        piece += this.readEscaped();
        continue;
      }
      this.refuseReserved(character);
      if (character === '*') {
        pieces.push(piece);
        piece = '';
      } else piece += character;
      this.position++;
    }
    if (this.position === start) return undefined;
    const span = this.spanFrom(start);
    return { pieces: [...pieces, piece], source: this.text.slice(start, this.position), span };
  }

  /** Reads a time of day with its date, whose colons need no escapes; `undefined` when none stands here. */
  readTimestamp(): Word | undefined {
    const match = timestamp.exec(this.text.slice(this.position, this.position + longestSuggestion));
    const source = match?.[0];
    if (source === undefined) return undefined;
    const span = this.spanOf(source);
    this.position += source.length;
    return { pieces: [source], source, span };
  }

  private refuseReserved(character: string): void {
    const span = { start: this.position, end: this.position + 1 };
    if (character === '?')
      refuse('unsupported', span, 'The wildcard ? is not supported: use *, or escape it as \\?', '\\?');
    if (character === '~')
      refuse('unsupported', span, 'Fuzzy and proximity search (~) is not supported: escape it as \\~', '\\~');
    if (character === '^')
      refuse('unsupported', span, 'Boosting (^) is not supported: escape it as \\^', '\\^');
    if (character === '\0') refuse('syntax', span, 'A query cannot contain the character NUL');
  }

  /** Reads a backslash and what it escapes, a character beyond the BMP as a whole. */
  private readEscaped(): string {
    const escaped = this.text.codePointAt(this.position + 1);
    if (escaped === undefined) {
      refuse(
        'syntax',
        { start: this.position, end: this.position + 1 },
        'A backslash must be followed by the character that it escapes',
        '\\\\',
      );
    }
    const character = String.fromCodePoint(escaped);
    if (character === '\0') this.refuseReserved(character);
    this.position += 1 + character.length;
    return character;
  }

  /** Reads a phrase; the scanner stands on its opening quote. */
  readQuoted(): { readonly text: string; readonly span: Span } {
    const start = this.position;
    this.position++;
    let text = '';
    for (;;) {
      const run = this.match(plainInQuotes);
      text += run;
      this.position += run.length;
      const character = this.text[this.position];
      if (character === undefined)
        this.refuseUnclosed(start, 'The quote that opens here is never closed', '"');
      if (character === '"') {
        this.position++;
        return { text, span: this.spanFrom(start) };
      }
      if (character === '\\') text += this.readEscaped();
      else this.refuseReserved(character);
    }
  }

  /** Reads `[lower TO upper]`; the scanner stands on its opening bracket. */
  readRange(): { readonly lower?: Bound; readonly upper?: Bound; readonly span: Span } {
    const start = this.position;
    const includesLower = this.text[this.position] === '[';
    this.position++;
    const lower = this.readBound(start);
    this.skipSpaces();
    this.readTo(lower);
    const upper = this.readBound(start);
    this.skipSpaces();
    const includesUpper = this.text[this.position] === ']';
    if (this.isAtEnd) this.refuseUnclosed(start, 'The range that opens here is never closed by ] or }', ']');
    if (!includesUpper && this.text[this.position] !== '}') {
      refuse(
        'syntax',
        { start: this.position, end: this.position + this.peekRest().length },
        'The upper end of a range is followed by ] or }: put an end that has spaces in quotes',
      );
    }
    this.position++;
    return {
      ...(lower ? { lower: { ...lower, isInclusive: includesLower } } : {}),
      ...(upper ? { upper: { ...upper, isInclusive: includesUpper } } : {}),
      span: this.spanFrom(start),
    };
  }

  private readTo(lower: Omit<Bound, 'isInclusive'> | undefined): void {
    const start = this.position;
    if (this.take('TO') && (this.isAtEnd || /[\s\]}"]/.test(this.text.charAt(this.position)))) return;
    if (lower?.text === 'TO' && !lower.isQuoted)
      refuse('syntax', lower.span, 'The lower end of this range is missing: an open end is *', '* TO');
    this.position = start;
    const word = this.peekRest();
    refuse(
      'syntax',
      { start, end: start + word.length },
      'A range is written [lower TO upper], with TO in capitals',
      /^(?:to|To|tO)$/.test(word) ? 'TO' : undefined,
    );
  }

  /** What stands here up to the next space or closing bracket, at least one character unless at the end. */
  peekRest(): string {
    const match = /^(?:[^\s)\]}]+|.)/su.exec(
      this.text.slice(this.position, this.position + longestSuggestion),
    );
    return match?.[0] ?? '';
  }

  /** @param closing what the text lacks at its end */
  private refuseUnclosed(start: number, message: string, closing: string): never {
    const rest = this.text.slice(start);
    const isShort = rest.length <= longestSuggestion;
    return refuse(
      'syntax',
      { start, end: this.text.length },
      message,
      isShort ? `${rest}${closing}` : undefined,
    );
  }

  /** @returns `undefined` for the open end, `*` */
  private readBound(rangeStart: number): Omit<Bound, 'isInclusive'> | undefined {
    this.skipSpaces();
    const start = this.position;
    if (this.text[start] === '"') return { ...this.readQuoted(), isQuoted: true };
    let text = '';
    let isOpen = false;
    for (;;) {
      const character = this.text[this.position];
      if (character === undefined || isSpace(character) || character === ']' || character === '}') break;
      if (character === '\\') {
        text += this.readEscaped();
        continue;
      }
      if ('[{()"'.includes(character) || character === '\0') {
        refuse(
          'syntax',
          { start: this.position, end: this.position + 1 },
          `The end of a range cannot contain ${character === '\0' ? 'NUL' : character}: put it in quotes`,
        );
      }
      if (character === '*') isOpen = true;
      text += character;
      this.position++;
    }
    const span = this.spanFrom(start);
    if (text === '') {
      refuse(
        'syntax',
        { start: rangeStart, end: Math.max(rangeStart + 1, this.position) },
        'A range is written [lower TO upper]; an open end is *',
      );
    }
    if (!isOpen) return { text, isQuoted: false, span };
    if (text !== '*')
      refuse('syntax', span, 'The end of a range is a whole value or * alone: a literal * is escaped as \\*');
    return undefined;
  }
}
