/** Colours of the pages, `#rrggbb`. */
export interface Theme {
  readonly primary: string;
  /** What can be read on `primary`. */
  readonly onPrimary: string;
  /** `primary` as text and outline on a light page, darkened until it can be read. */
  readonly accent: string;
  /** The same on a dark page, lightened. */
  readonly accentOnDark: string;
  readonly background: string;
  /** `primary` as text beside the card, on `background`. */
  readonly accentOnBackground: string;
}

type Rgb = readonly [red: number, green: number, blue: number];

/** WCAG 2.2 §1.4.3: contrast of text with what is behind it. */
const readableContrast = 4.5;
const lightCard: Rgb = [255, 255, 255];
const darkCard: Rgb = [28, 29, 34];

/** Derives the colours from a tenant's two; what is not a colour counts as absent. */
export function deriveTheme(colors: {
  readonly primary?: unknown;
  readonly pageBackground?: unknown;
}): Theme {
  const primary = parseColor(colors.primary) ?? [79, 70, 229];
  const background = parseColor(colors.pageBackground) ?? [244, 245, 247];
  return {
    primary: toHex(primary),
    onPrimary: getContrast(primary, [255, 255, 255]) >= readableContrast ? '#ffffff' : '#000000',
    accent: toHex(makeReadable(primary, lightCard, [0, 0, 0])),
    accentOnDark: toHex(makeReadable(primary, darkCard, [255, 255, 255])),
    background: toHex(background),
    accentOnBackground: toHex(makeReadable(primary, background, chooseOpposite(background))),
  };
}

/** Black or white, whichever stands out more. */
function chooseOpposite(color: Rgb): Rgb {
  const white: Rgb = [255, 255, 255];
  const black: Rgb = [0, 0, 0];
  return getContrast(color, white) >= getContrast(color, black) ? white : black;
}

/** Moves a colour towards another until it stands out enough. */
function makeReadable(color: Rgb, behind: Rgb, towards: Rgb): Rgb {
  const mix = (share: number): Rgb => [
    blend(color[0], towards[0], share),
    blend(color[1], towards[1], share),
    blend(color[2], towards[2], share),
  ];
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(share);
    if (getContrast(mixed, behind) >= readableContrast) return mixed;
  }
  return towards;
}

function blend(from: number, to: number, share: number): number {
  return Math.round(from + (to - from) * share);
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function getContrast(one: Rgb, other: Rgb): number {
  const [lighter = 0, darker = 0] = [getLuminance(one), getLuminance(other)].sort(
    (left, right) => right - left,
  );
  return (lighter + 0.05) / (darker + 0.05);
}

function getLuminance([red, green, blue]: Rgb): number {
  const [r, g, b] = [red, green, blue].map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

/** Reads `#rgb` and `#rrggbb`. */
export function parseColor(value: unknown): Rgb | undefined {
  if (typeof value !== 'string') return undefined;
  const [, short, long] = /^#(?:([\da-f]{3})|([\da-f]{6}))$/i.exec(value) ?? [];
  const digits = long ?? short?.replaceAll(/./g, '$&$&');
  if (digits === undefined) return undefined;
  const channel = (start: number) => Number.parseInt(digits.slice(start, start + 2), 16);
  return [channel(0), channel(2), channel(4)];
}

function toHex(color: Rgb): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
