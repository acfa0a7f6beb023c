import { formats } from '@muster/contract';

/** An address with the name that is shown beside it. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** Characters of a header's text; RFC 5322 §2.1.1 allows 998 for a whole line. */
const headerLimit = 900;

/**
 * Text for a header: everything that could end the line or hide in it, which is where an injected header would
 * begin, becomes one space.
 */
export function toHeaderText(text: string): string {
  const flat = text
    .toWellFormed()
    // C0, DEL and C1 controls, line and paragraph separators, and the marks that turn the direction of text
    .replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  return [...flat].slice(0, headerLimit).join('').trim();
}

/**
 * Reads `ada@example.com` or `Ada <ada@example.com>`.
 * @returns undefined when it is not exactly one address
 */
export function parseMailbox(text: string): Mailbox | undefined {
  const flat = text.trim();
  const [, name = '', bracketed] = /^([^<>]*)<([^<>]*)>$/.exec(flat) ?? [];
  const address = bracketed === undefined ? flat : bracketed.trim();
  if (!isAddress(address)) return undefined;
  return { name: toHeaderText(name.trim().replace(/^"(.*)"$/, '$1')), address };
}

/** Whether it is one plain address, the only form that is ever put into an envelope. */
export function isAddress(text: string): boolean {
  return formats['email']?.(text) === true && !/\p{Cc}/u.test(text);
}
