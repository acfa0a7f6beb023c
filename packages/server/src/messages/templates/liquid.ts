import { Liquid, LiquidError, type Template } from 'liquidjs';

/**
 * Liquid with bounds: no files, no partials, own properties only, and limits on the time, memory and length of
 * one rendering. HTML escapes every value unless the template says `| raw`.
 */

/** Characters of one template. */
const parseLimit = 200_000;
/** Milliseconds of one rendering. */
const renderLimit = 500;
/** Values made in one rendering: characters joined, items of ranges. */
const memoryLimit = 5_000_000;
/** Characters of a rendered part; what receivers cut off is a tenth of it. */
const outputLimit = 1_000_000;

/** Text that is HTML already, so that `| escape` and the escaping of outputs do not add up. */
class EscapedText {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
  toString(): string {
    return this.html;
  }
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

export function escapeHtml(value: unknown): string {
  if (value instanceof EscapedText) return value.html;
  return toText(value).replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
}

function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(toText).join('');
  return typeof value === 'object' && !(value instanceof EscapedText) ? JSON.stringify(value) : String(value);
}

/** Tags that read other templates: there are none to read. */
const tagsWithFiles = ['include', 'render', 'layout', 'block'];

function createEngine(form: 'html' | 'text'): Liquid {
  const engine = new Liquid({
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    parseLimit,
    renderLimit,
    memoryLimit,
    ...(form === 'html' ? { outputEscape: escapeHtml } : {}),
  });
  for (const tag of tagsWithFiles) delete engine.tags[tag];
  if (form === 'html') {
    engine.registerFilter('escape', (value: unknown) => new EscapedText(escapeHtml(value)));
    engine.registerFilter(
      'newline_to_br',
      (value: unknown) => new EscapedText(escapeHtml(value).replaceAll(/\r?\n/g, '<br>\n')),
    );
  }
  return engine;
}

const engines = { html: createEngine('html'), text: createEngine('text') };

/** Where a template is wrong, with the line that its writer sees. */
export class LiquidSyntaxError extends Error {}

/** @throws LiquidSyntaxError */
export function parseLiquid(source: string, form: 'html' | 'text'): Template[] {
  try {
    return engines[form].parse(source);
  } catch (error) {
    throw new LiquidSyntaxError(describeLiquidError(error));
  }
}

/**
 * Renders a source.
 * @throws LiquidSyntaxError, or Error when it fails or reaches a limit
 */
export function renderLiquid(
  source: string,
  form: 'html' | 'text',
  variables: Readonly<Record<string, unknown>>,
): string {
  const rendered: unknown = engines[form].renderSync(parseLiquid(source, form), variables);
  const text = String(rendered);
  if (text.length > outputLimit) throw new Error(`it renders to more than ${outputLimit} characters`);
  return text;
}

/** The library's text on one line: `tag "foo" not found, line:3, col:1` without the excerpt of the source below it. */
export function describeLiquidError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [message = ''] = error.message.split('\n', 1);
  return LiquidError.is(error)
    ? message.replace(/, line:(\d+), col:(\d+)$/, ' (line $1, column $2)')
    : message;
}
