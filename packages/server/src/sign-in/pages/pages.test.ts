import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, toSafeUrl } from './html.ts';
import {
  catalogues,
  chooseLanguage,
  createPageHeaders,
  deriveTheme,
  fill,
  getDirection,
  type Language,
  type Look,
  type Page,
  renderPage,
} from './index.ts';
import { getContrast, parseColor } from './theme.ts';

const languages = Object.keys(catalogues) as Language[];

function lookIn(language: Language, change: Partial<Look> = {}): Look {
  return {
    language,
    direction: getDirection(language),
    texts: catalogues[language],
    theme: deriveTheme({}),
    nonce: 'nonce',
    tenantName: 'Acme',
    ...change,
  };
}

const page: Page = {
  pageTitle: 'Sign in',
  title: 'Sign in',
  form: {
    action: '/u/login',
    hidden: { state: 's' },
    fields: [
      { name: 'username', label: 'Name', type: 'text', autocomplete: 'username', problem: 'Wrong.' },
      { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
    ],
    buttons: [{ label: 'Go' }],
  },
};

describe('the template', () => {
  it('lets no text out of the place it stands in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const made = html`<a title="${text}" data-x='${text}'>${text}</a>`.text;
        expect(made.replaceAll(/&#\d+;/g, '').match(/[<>"'`]/g)).toEqual(
          '<""\'\'></>'.split('').filter((character) => '<>"\'`'.includes(character)),
        );
        const back = made.replaceAll(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)));
        expect(back).toBe(`<a title="${text}" data-x='${text}'>${text}</a>`);
      }),
    );
  });

  it.each([
    ['https://acme.example/logo.svg', 'https://acme.example/logo.svg'],
    ['/u/login?state=1', '/u/login?state=1'],
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['//evil.example', undefined],
    ['/\\evil.example', undefined],
    ['logo.png', undefined],
  ])('takes %s for the address %s', (address, expected) => {
    expect(toSafeUrl(address)).toBe(expected);
  });
});

describe('the texts', () => {
  const flatten = (texts: object): [string, string][] =>
    Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'string'
        ? [[key, value] as [string, string]]
        : flatten(Object(value)).map(([inner, text]): [string, string] => [`${key}.${inner}`, text]),
    );
  const placeholders = (text: string) => [...text.matchAll(/\$\{\w+\}/g)].map(String).sort();
  const english = flatten(catalogues.en);

  it.each(
    languages,
  )('of %s are all there, with the same placeholders, and are none of the English ones', (language) => {
    const own = new Map(flatten(catalogues[language]));
    expect([...own.keys()].sort()).toEqual(english.map(([key]) => key).sort());
    for (const [key, text] of english) {
      expect(placeholders(own.get(key) ?? ''), key).toEqual(placeholders(text));
      expect(own.get(key)?.trim(), key).not.toBe('');
    }
    const same = english.filter(([key, text]) => own.get(key) === text).length;
    expect(same).toBe(language === 'en' ? english.length : Math.min(same, 3));
  });

  it('keep French marks in the line of the word that they follow', () => {
    const loose = flatten(catalogues.fr).filter(([, text]) => /[\p{L}}] [?!;:]( |$)/u.test(text));
    expect(loose).toEqual([]);
  });

  it('are filled, and leave out what is not known', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: these are the texts' placeholders
    expect(fill('${a} and ${b}${toString}', { a: 1 })).toBe('1 and ');
  });
});

describe('the language', () => {
  it.each([
    [[], undefined, ['en', 'de'], 'en'],
    [[], 'de-AT,en;q=0.9', ['en', 'de'], 'de'],
    [[], 'en;q=0.5, de;q=0.8', ['en', 'de'], 'de'],
    [['fr-CA', 'de'], 'en', ['en', 'de', 'fr'], 'fr'],
    [['ja'], 'de', ['de'], 'de'],
    [[], 'xx, *', ['ar'], 'ar'],
    [[], 'de;q=0', ['en', 'de'], 'en'],
    [[], 'de', [], 'en'],
    [['constructor'], undefined, ['en'], 'en'],
  ] as const)('of %j with %s, where %j are on, is %s', (requested, header, enabled, expected) => {
    expect(chooseLanguage(requested, header, enabled)).toBe(expected);
  });
});

describe('the colours', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#777777', '#ffffff', 4.48],
    ['#ffff00', '#ffffff', 1.07],
  ])('%s on %s have a contrast of %d', (one, other, expected) => {
    expect(getContrast(parseColor(one) ?? [0, 0, 0], parseColor(other) ?? [0, 0, 0])).toBeCloseTo(
      expected,
      1,
    );
  });

  it('can be read, whatever a tenant chooses', () => {
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(channel, channel, channel), fc.tuple(channel, channel, channel), (...chosen) => {
        const [hex, pageBackground] = chosen.map(
          (color) => `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`,
        );
        const theme = deriveTheme({ primary: hex, pageBackground });
        const contrast = (one: string, other: string) =>
          getContrast(parseColor(one) ?? [0, 0, 0], parseColor(other) ?? [0, 0, 0]);
        expect(theme.primary).toBe(hex);
        expect(contrast(theme.primary, theme.onPrimary)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(theme.accent, '#ffffff')).toBeGreaterThanOrEqual(4.5);
        expect(contrast(theme.accentOnDark, '#1c1d22')).toBeGreaterThanOrEqual(4.5);
        expect(contrast(theme.accentOnBackground, theme.background)).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  it.each([undefined, 'red', '#12', '#1234567', 5, null, 'url(x)'])('count %s as none', (primary) => {
    expect(deriveTheme({ primary })).toEqual(deriveTheme({}));
  });
});

describe('a page', () => {
  it.each(languages)('has one heading, labels, a language and a direction in %s', (language) => {
    const text = renderPage(page, lookIn(language));
    expect(text.match(/<h1>/g)).toHaveLength(1);
    expect(text).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
    expect(text).toContain('<label for="username">');
    expect(text).not.toContain('${');
  });

  it('puts what is wrong beside its field and the cursor into it', () => {
    const text = renderPage(page, lookIn('en'));
    expect(text).toMatch(
      /name="username"[^>]* aria-invalid="true" aria-describedby="username-problem" autofocus/,
    );
    expect(text).toContain('<p class="field-problem" id="username-problem">Wrong.</p>');
    expect(text.match(/autofocus/g)).toHaveLength(1);
  });

  it('loads no picture from an address that is none', () => {
    const text = renderPage(page, lookIn('en', { logoUrl: 'javascript:alert(1)', supportUrl: 'data:x' }));
    expect(text).not.toContain('<img');
    expect(text).not.toContain('<footer');
  });

  it('writes in the font of the tenant, whose address stays an address', () => {
    const styleOf = (fontUrl: string) =>
      /<style nonce="nonce">(.*?)<\/style>/s.exec(renderPage(page, lookIn('en', { fontUrl })))?.[1] ?? '';
    expect(styleOf('https://acme.example/a.woff2')).toContain('src:url("https://acme.example/a.woff2")');
    expect(styleOf('javascript:alert(1)')).not.toContain('@font-face');
    fc.assert(
      fc.property(
        fc.constantFrom('https://a.example/', '/', 'https://a.example/?'),
        fc.string(),
        (start, end) => {
          const style = styleOf(`${start}${end}`);
          expect(style.split('\n')[0]).toMatch(
            /^(:root{.*|@font-face{font-family:brand;font-display:swap;src:url\("[^"\\<\s]+"\)})$/,
          );
        },
      ),
    );
  });

  it('leads to the help page, else to the address of those who help', () => {
    const help = { supportUrl: 'https://acme.example/help', supportEmail: 'help@acme.example' };
    expect(renderPage(page, lookIn('en', help))).toContain('<footer><a href="https://acme.example/help"');
    const { supportEmail } = help;
    expect(renderPage(page, lookIn('en', { supportEmail }))).toContain(
      '<footer><a href="mailto:help%40acme.example"',
    );
  });

  it('names the request that failed, to be copied where script runs', () => {
    const failed = renderPage(
      { pageTitle: 'No', title: 'No', problemCode: 'access_denied', reference: 'r-1' },
      lookIn('en'),
    );
    expect(failed).toMatch(/Reference: <code id="reference">r-1<\/code> <button type="button"[^>]* hidden/);
    expect(failed).toContain('<script nonce="nonce">');
    expect(renderPage(page, lookIn('en'))).not.toContain('id="reference"');
  });

  it('lets only its own style and script run, and stands in no frame', () => {
    const policy = createPageHeaders({ nonce: 'abc' })['content-security-policy'];
    expect(policy).toContain("script-src 'nonce-abc'");
    expect(policy).toContain("style-src 'nonce-abc'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });
});
