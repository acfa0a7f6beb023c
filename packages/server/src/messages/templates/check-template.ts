import { InvalidBodyError } from '../../platform/http/errors.ts';
import { parseMailbox } from '../../platform/mail/index.ts';
import { LiquidSyntaxError, parseLiquid } from './liquid.ts';
import type { TemplateSettings } from './store.ts';

/**
 * Holds a template against what can be sent.
 * @throws InvalidBodyError naming the property, and for Liquid the line
 */
export function assertUsableTemplate(settings: TemplateSettings): void {
  const { syntax, body, from, subject, resultUrl } = settings;
  if (syntax && syntax !== 'liquid') {
    throw new InvalidBodyError(
      `Templates are written in liquid; the syntax "${syntax.slice(0, 20)}" is not known.`,
    );
  }
  assertParses('body', body, 'html');
  assertParses('subject', subject, 'text');
  assertParses('from', from, 'text');
  assertParses('resultUrl', resultUrl, 'text');
  if (from && !isDynamic(from) && !parseMailbox(from)) {
    throw new InvalidBodyError(
      'from must be one e-mail address, or a name and one address in angle brackets.',
    );
  }
  if (resultUrl && !isDynamic(resultUrl) && !isWebUrl(resultUrl)) {
    throw new InvalidBodyError('resultUrl must be an http or https URL.');
  }
}

export function isWebUrl(text: string): boolean {
  return /^https?:\/\/[^/]/i.test(text) && !/\s/.test(text) && URL.canParse(text);
}

function assertParses(property: string, source: string | null | undefined, form: 'html' | 'text'): void {
  try {
    if (source) parseLiquid(source, form);
  } catch (error) {
    if (!(error instanceof LiquidSyntaxError)) throw error;
    throw new InvalidBodyError(`Template error in ${property}: ${error.message}`);
  }
}

function isDynamic(source: string): boolean {
  return /\{[{%]/.test(source);
}
